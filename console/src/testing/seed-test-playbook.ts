import { Integrations } from '../../../functions/src/definitions/integrations.ts';
import { Playbook } from '../../../functions/src/engine/playbook.ts';
import type { Documents } from '../../../functions/src/ports/documents.ts';
import { applySeed } from '../../../functions/src/records/seed-playbooks.ts';
import { seedSettings } from '../../../functions/src/records/seed-settings.ts';

const SEEDED = new Date('2026-11-01T00:00:00.000Z');

/** Seeds a playbook of one step that is due each full hour, unless `given` says otherwise. */
export async function seedTestPlaybook(
  documents: Documents,
  id: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const playbook = Playbook.parse({
    id,
    name: `Playbook ${id}`,
    schedule: { cron: '0 * * * *', timeZone: 'UTC' },
    steps: [{ id: 'check', type: 'tool_call', tool: 'checkIntegrations' }],
    ...given,
  });
  await applySeed(documents, [{ playbook, version: 'v1', source: `id: ${id}` }], SEEDED);
}

/** Seeds integrations of these ids, each in a group of its own name unless `given` says otherwise. */
export async function seedTestIntegrations(
  documents: Documents,
  integrations: readonly Readonly<Record<string, unknown> & { id: string }>[],
): Promise<void> {
  const all = integrations.map((one) => ({
    name: `Integration ${one.id}`,
    group: `Group ${one.id}`,
    kind: 'external',
    url: 'https://example.com/health',
    ...one,
  }));
  await seedSettings(documents, { agents: [], integrations: Integrations.parse({ integrations: all }) }, SEEDED);
}
