import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';

/** What a test says of a playbook; the rest is as small as can be. */
export interface ToSeed {
  /** Fields of the definition. */
  readonly definition?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  readonly source?: string;
  readonly seededAt?: Date;
}

/** Seeds a playbook as the script does: `ops_test`, due every day at 9:00 in New York. */
export async function seedPlaybook(documents: Documents, said: ToSeed = {}): Promise<void> {
  const playbook = Playbook.parse({
    id: 'ops_test',
    name: 'Test playbook',
    owner: 'leo',
    schedule: { cron: '0 9 * * *', timeZone: 'America/New_York' },
    steps: [{ id: 'look', type: 'tool_call', tool: 'getSystemHealth' }],
    ...said.definition,
  });
  const { version = 'v1', source = `id: ${playbook.id}\n`, seededAt = new Date('2026-11-01T08:00:00.000Z') } = said;
  await applySeed(documents, [{ playbook, version, source }], seededAt);
}
