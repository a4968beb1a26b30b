import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { pausePlaybook } from '#records/playbooks/playbook-switches.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

const ADA = { email: 'ada@example.com', role: 'admin' } as const;
const PAGES = ['/', '/playbooks', '/playbooks/ops_test', '/playbooks/ops_test/run'];

let documents: Documents;
let console: TestConsole;

beforeEach(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  console = await openTestConsole({ documents });
  await seedPlaybook(documents);
});
afterEach(() => console.close());

async function pause(untilMs: number): Promise<void> {
  const setAt = new Date(console.clock.now().getTime() - 3_600_000);
  const world = { documents, clock: { ...console.clock, now: () => setAt }, newId: () => 'one' };
  const until = new Date(console.clock.now().getTime() + untilMs);
  await pausePlaybook(world, ADA, { playbookId: 'ops_test', reason: 'We move house', until });
}

describe.each(PAGES)('the page %s', (path) => {
  const html = async (): Promise<string> => (await console.get(path)).text();

  test('shows a playbook as paused until its pause ends', async () => {
    await pause(1);
    expect(await html()).toContain('We move house');
  });

  test('shows a playbook whose pause has ended as one that runs', async () => {
    await pause(0);
    expect(await html()).not.toContain('We move house');
  });
});
