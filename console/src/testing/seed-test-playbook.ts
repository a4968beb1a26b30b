import { Integrations } from '#language/settings/integrations.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { seedPlaybook } from './seed-playbook.ts';

const SEEDED = new Date('2026-11-01T00:00:00.000Z');

/** Seeds a playbook that is due each full hour, unless `given` says otherwise. */
export async function seedTestPlaybook(
  documents: Documents,
  id: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const schedule = { cron: '0 * * * *', timeZone: 'UTC' };
  await seedPlaybook(documents, { definition: { id, name: `Playbook ${id}`, schedule, ...given }, seededAt: SEEDED });
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
