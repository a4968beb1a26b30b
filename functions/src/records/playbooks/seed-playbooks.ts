import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { checkWrites } from '#ports/documents/document-writes.ts';
import type { DocumentData, Documents, StoredDocument, Write } from '#ports/documents/documents.ts';
import { playbookPath, PLAYBOOKS, versionPath } from './playbooks.ts';
import { FIRST_FORMAT, refuseLaterFormat } from '../store/record-format.ts';
import { toDocument } from '../store/document-json.ts';
import { MAX_TRIES, optimistically, type Try, unlessRaced } from '../store/optimistic.ts';

/** The time of a seed that is only planned. */
const NEVER = new Date(0);

/** A definition as read from its file. */
export interface PlaybookSource {
  readonly playbook: Playbook;
  readonly version: string;
  /** The YAML as written. */
  readonly source: string;
}

/** What seeding one playbook does, or did. */
export interface SeedEntry {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly change: 'new' | 'changed' | 'unchanged';
  /** Whether it runs afterwards. */
  readonly enabled: boolean;
  /** An operator's switch was kept although it differs from the file. */
  readonly enabledKept: boolean;
}

/** What a seed does in total. `absent` names playbooks in the database without a file: they stay unchanged. */
export interface SeedReport {
  readonly playbooks: readonly SeedEntry[];
  readonly absent: readonly string[];
}

/** The fields of an earlier seed that affect the next one; a damaged record counts as never seeded. */
const Seeded = z.object({
  version: z.string().nullable().catch(null),
  enabled: z.boolean().nullable().catch(null),
  seededEnabled: z.boolean().nullable().catch(null),
});

/**
 * What `applySeed` would do now; writes nothing. Throws `invalid` when the database would refuse one of the playbooks (too
 * large), `record_from_newer_version` when it holds one of a newer version, and what the documents port throws.
 */
export async function seedPlan(documents: Documents, sources: readonly PlaybookSource[]): Promise<SeedReport> {
  for (const source of sources) checkWrites(seedWrites(source, undefined, NEVER));
  const stored = new Map((await documents.query({ collection: PLAYBOOKS })).map((document) => [document.id, document]));
  const ids = new Set(sources.map(({ playbook }) => playbook.id));
  return {
    playbooks: sources.map((source) => entryOf(source, stored.get(source.playbook.id))),
    absent: [...stored.keys()].filter((id) => !ids.has(id)).toSorted(),
  };
}

/**
 * Updates the database to match the files: each playbook and its version in one commit, on the condition that it has not
 * changed since it was read. An operator's `enabled` stays unless the file's own value changed since the last seed; `pause`
 * is never touched; nothing is deleted. Can be repeated at any time, and run by several people at the same time.
 * Throws like `seedPlan`; what was seeded by then stays, and the next seed does the rest.
 */
export async function applySeed(
  documents: Documents,
  sources: readonly PlaybookSource[],
  seededAt: Date,
): Promise<SeedReport> {
  const { absent } = await seedPlan(documents, sources);
  const playbooks: SeedEntry[] = [];
  for (const source of sources) playbooks.push(await seedOne(documents, source, seededAt));
  return { playbooks, absent };
}

function seedWrites(source: PlaybookSource, stored: StoredDocument | undefined, seededAt: Date): readonly Write[] {
  const { playbook, version } = source;
  const definition = toDocument(playbook, 1);
  const fields: DocumentData = {
    format: FIRST_FORMAT,
    id: playbook.id,
    name: playbook.name,
    version,
    enabled: entryOf(source, stored).enabled,
    seededEnabled: playbook.enabled,
    definition,
    seededAt,
  };
  const path = playbookPath(playbook.id);
  const record: Write =
    stored === undefined
      ? { kind: 'create', path, data: { ...fields, pause: null } }
      : {
          kind: 'update',
          path,
          changes: Object.entries(stored.data['pause'] === undefined ? { ...fields, pause: null } : fields).map(
            ([field, value]) => ({
              field: [field],
              value,
            }),
          ),
          ifUpdateTime: stored.updateTime,
        };
  const copy = { format: FIRST_FORMAT, version, definition, source: source.source, seededAt };
  return [record, { kind: 'set', path: versionPath(playbook.id, version), data: copy }];
}

/** Seeds of the same file have the same goal: the second finds it done, so none has to wait for another. */
async function seedOne(documents: Documents, source: PlaybookSource, seededAt: Date): Promise<SeedEntry> {
  const { id } = source.playbook;
  const attempt = async (): Promise<Try<SeedEntry>> => {
    const stored = await documents.get(playbookPath(id));
    const entry = entryOf(source, stored);
    if (entry.change === 'unchanged') return { kind: 'done', result: entry };
    return unlessRaced(documents.commit(seedWrites(source, stored, seededAt)), entry);
  };
  return optimistically(attempt, {
    gaveUp: (cause) =>
      new PlaybookError(
        'unavailable',
        `The playbook ${id} changed in the database before each of ${MAX_TRIES} attempts to write it. Seed again when no one else does.`,
        { cause },
      ),
  });
}

function entryOf({ playbook, version }: PlaybookSource, stored: StoredDocument | undefined): SeedEntry {
  const { id, name } = playbook;
  if (stored === undefined) return { id, name, version, change: 'new', enabled: playbook.enabled, enabledKept: false };

  refuseLaterFormat(stored);
  const before = Seeded.parse(stored.data);
  const enabled =
    before.enabled === null || before.seededEnabled !== playbook.enabled ? playbook.enabled : before.enabled;
  const same = before.version === version && before.seededEnabled === playbook.enabled && before.enabled !== null;
  return {
    id,
    name,
    version,
    change: same ? 'unchanged' : 'changed',
    enabled,
    enabledKept: enabled !== playbook.enabled,
  };
}
