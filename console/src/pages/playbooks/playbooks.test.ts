import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { pausePlaybook, setEnabled } from '#records/playbooks/playbook-switches.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { storeExecution } from '#console/testing/store-execution.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

const ADA = { email: 'ada@example.com', role: 'admin' } as const;
const HOUR_MS = 3_600_000;
const GONE = { code: 'unavailable', class: 'transient', message: 'Gone.' } as const;

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const html = async (path = '/playbooks'): Promise<string> => (await console.get(path)).text();
const world = () => ({ documents, clock: console.clock, newId: () => crypto.randomUUID() });

describe('the list of playbooks', () => {
  test('says how to seed the first while there is none', async () => {
    expect(await html()).toContain('npm run seed');
  });

  test('shows the schedule in words, what is due next, the last execution, and 30 days', async () => {
    await seedPlaybook(documents);
    for (const [index, failed] of [false, false, false, true].entries()) {
      const execution = {
        id: `ops_test_${index}`,
        startedAt: new Date(console.clock.now().getTime() - (4 - index) * HOUR_MS),
        duration: 2_000,
      };
      await storeExecution(documents, failed ? { ...execution, status: 'failed', failure: GONE } : execution);
    }
    const page = await html();
    expect(page).toContain('href="/playbooks/ops_test"');
    expect(page).toContain('Every day at 09:00, New York time');
    expect(page).toContain('>in 24 h</time>');
    expect(page).toContain('Sat 21 Nov, 09:00<');
    expect(page).toMatch(/failed<\/span><div class="small"><a href="\/executions\/ops_test_3">/);
    expect(page).toContain('75%');
    expect(page).toContain('3 succeeded, 1 failed, 0 skipped');
    expect(page).toMatch(/<span class="figure">(?:1\.9|2\.0|2\.1) s<\/span>/);
  });

  test('says why a playbook does not run, and when it is due after its pause', async () => {
    await seedPlaybook(documents);
    await seedPlaybook(documents, { definition: { id: 'ops_off', name: 'Off' } });
    const until = new Date('2026-11-23T14:00:00.000Z');
    await pausePlaybook(world(), ADA, { playbookId: 'ops_test', reason: 'We move house', until });
    await setEnabled(world(), ADA, { playbookId: 'ops_off', enabled: false, reason: 'Not needed' });
    const page = await html();
    expect(page).toContain('We move house');
    expect(page).toContain('Mon 23 Nov, 09:00<');
    expect(page).toContain('disabled');
  });

  test('names a playbook that cannot be read, and why, and figures that are damaged, beside the others', async () => {
    await seedPlaybook(documents);
    await documents.commit([
      { kind: 'create', path: 'playbooks_internal/ops_odd', data: { id: 'ops_odd', format: 99 } },
      { kind: 'create', path: 'playbook_statistics/ops_test', data: { days: 'none' } },
    ]);
    const page = await html();
    expect(page).toContain('was written by a newer version of the playbook runner');
    expect(page).toContain('unreadable');
    expect(page).toContain('Test playbook');
  });

  test('leads page by page through all, none twice, with at most 60 documents each', async () => {
    for (let index = 0; index < 45; index += 1) {
      const id = `ops_${String(index).padStart(2, '0')}`;
      await seedPlaybook(documents, { definition: { id, name: `Playbook ${id}` } });
      for (const run of ['a', 'b']) await storeExecution(documents, { id: `${id}_${run}`, playbookId: id });
    }
    const seen: string[] = [];
    let path: string | undefined = '/playbooks';
    while (path !== undefined) {
      documents.reset();
      const page: string = await html(path);
      expect(documents.counts().reads).toBeLessThanOrEqual(60);
      seen.push(...[...page.matchAll(/Playbook ops_\d\d/g)].map(([name]) => name));
      path = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(45);
    expect(new Set(seen).size).toBe(45);
  });

  test('refuses a page that it never gave', async () => {
    expect((await console.get('/playbooks?after=garbage')).status).toBe(400);
  });

  test('shows hostile names, owners and reasons inert', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202E';
    await seedPlaybook(documents, { definition: { name: hostile, owner: hostile } });
    await pausePlaybook(world(), ADA, { playbookId: 'ops_test', reason: `${hostile} ${'x'.repeat(400)}`, until: null });
    const page = await html();
    expect(page).not.toMatch(/<img|\u202E/);
    expect(page).toContain('\\u202e');
  });
});
