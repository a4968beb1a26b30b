import { DELETE_FIELD, type Documents, type FieldChange } from '#ports/documents/documents.ts';
import { historiesIn, INTEGRATION_HEALTH_PATH } from '#records/health/integration-health.ts';
import { toDocument } from '#records/store/document-json.ts';

/**
 * Forgets integrations as of `from` if they have already been checked later, so that the past is compared with the
 * past. The returned function restores their last state; the figures by hour and day are never touched.
 */
export async function rewindHealth(documents: Documents, from: Date): Promise<() => Promise<void>> {
  const histories = historiesIn(await documents.get(INTEGRATION_HEALTH_PATH));
  const later = [...histories].filter(([, { lastCheckedAt }]) => lastCheckedAt > from);
  const write = async (changesOf: (history: (typeof later)[number]) => readonly FieldChange[]): Promise<void> => {
    if (later.length === 0) return;
    await documents.commit([{ kind: 'update', path: INTEGRATION_HEALTH_PATH, changes: later.flatMap(changesOf) }]);
  };
  await write(([id]) => [
    ...fields(id, { lastSuccessAt: null, consecutiveFailures: 0 }),
    { field: ['integrations', id, 'lastStatus'], value: DELETE_FIELD },
  ]);
  return () => write(([id, { hours: _hours, days: _days, ...last }]) => fields(id, last));
}

function fields(id: string, values: Readonly<Record<string, unknown>>): readonly FieldChange[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ field: ['integrations', id, name], value: toDocument(value, 3) }],
  );
}
