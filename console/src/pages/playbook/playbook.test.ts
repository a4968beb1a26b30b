import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { storeExecution } from '#console/testing/store-execution.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';
import { afterHours, openTestThread } from '#console/testing/thread-of.ts';

const HOUR_MS = 3_600_000;
const CRITERION = { id: 'latency', name: 'Latency', value: '1', unit: 'ms', ok: 'value < 500', alert: 'value > 2000' };
const EVIDENCE = { executionId: 'e', playbookId: 'ops_test', stepPath: 's' };

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const html = async (path = '/playbooks/ops_test'): Promise<string> => (await console.get(path)).text();

async function runHourly(count: number, values: readonly (number | null)[] = [100]): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const value = values[index % values.length] ?? null;
    const measured =
      value === null
        ? ({ band: 'unknown', reason: 'It has no value.' } as const)
        : ({ band: value > 2000 ? 'alert' : 'ok' } as const);
    await storeExecution(documents, {
      id: `ops_test_${String(index).padStart(3, '0')}`,
      startedAt: new Date(console.clock.now().getTime() - (count - index) * HOUR_MS),
      criteria: [{ id: 'latency', name: 'Latency', unit: 'ms', value, ...measured }],
    });
  }
}

describe('the page of a playbook', () => {
  test('shows the next ten times on the clocks of its zone and of the reader', async () => {
    await seedPlaybook(documents, { definition: { schedule: { cron: '0 9 * * *', timeZone: 'Europe/Berlin' } } });
    const page = await html();
    expect(page).toContain('Every day at 09:00, Berlin time');
    expect(page.match(/id="row-due-/g)).toHaveLength(10);
    expect(page).toMatch(/Sat 21 Nov, 09:00<\/time><\/td><td data-label="In New York"><time[^>]*>Sat 21 Nov, 03:00</);
    expect(page).not.toContain('clocks change');
  });

  test('says between which times the clocks change', async () => {
    await seedPlaybook(documents, { definition: { schedule: { cron: '0 9 1 * *', timeZone: 'Europe/Berlin' } } });
    const page = await html();
    expect(page).toContain('clocks change in Berlin before this run: GMT+1 → GMT+2');
    expect(page).toContain('clocks change in New York before this run: GMT-5 → GMT-4');
  });

  test('says so where its schedule cannot be read, and where there is none', async () => {
    await seedPlaybook(documents, { definition: { schedule: { cron: 'soon', timeZone: 'Europe/Berlin' } } });
    expect(await html()).toContain('This schedule is invalid');
    await seedPlaybook(documents, { definition: { id: 'ops_hand', schedule: undefined } });
    expect(await html('/playbooks/ops_hand')).toContain('No schedule:');
  });

  test('adds up 30 days and shows each criterion over them', async () => {
    await seedPlaybook(documents, { definition: { criteria: [CRITERION] } });
    await runHourly(30, [100, 2500, null]);
    const page = await html();
    expect(page).toContain('100%');
    expect(page).toContain('of 30 executions succeeded');
    expect(page).toContain('Latency: in alert on 2 of 30 days');
    expect(page).toContain('2026-11-20: 5 alert, 5 unknown, 4 ok');
    expect(page).toContain('value &lt; 500');
    expect(/id="criterion-latency".*?<\/p>/s.exec(page)?.[0]).toMatch(/unknown<.*no value/);
  });

  test('draws values of any size, also negative ones', async () => {
    await seedPlaybook(documents, { definition: { criteria: [CRITERION] } });
    await runHourly(60, [-1e308, 1e308, -5]);
    expect(await html()).not.toMatch(/NaN|points="[^"]*Infinity/);
  });

  test('shows the latest ten executions and the open threads, and leads to all of them', async () => {
    await seedPlaybook(documents);
    await runHourly(12);
    await openTestThread(documents, 'mine', { evidence: EVIDENCE, deadlineAt: afterHours(9) });
    await openTestThread(documents, 'other');
    const page = await html();
    expect(page.match(/id="row-ops_test_/g)).toHaveLength(10);
    expect(page).toContain('href="/executions?playbook=ops_test"');
    expect(page).toContain('href="/inbox/mine"');
    expect(page).not.toContain('href="/inbox/other"');
  });

  test('says what to do while nothing has run', async () => {
    await seedPlaybook(documents);
    expect(await html()).toContain('No executions yet.');
  });

  test('reads at most 60 documents, however much is stored', async () => {
    await seedPlaybook(documents);
    await runHourly(60);
    for (let index = 0; index < 40; index += 1) {
      const deadlineAt = index % 2 === 0 ? afterHours(9) : null;
      await openTestThread(documents, `t-${index}`, { evidence: EVIDENCE, deadlineAt });
    }
    documents.reset();
    await html();
    expect(documents.counts().reads).toBeLessThanOrEqual(40);
  });

  test.each(['ops_none', 'a%2Fb', '..%2F..', '%00', '__x__', 'x'.repeat(2_000)])(
    'that does not exist (%s) is not found',
    async (id) => {
      expect((await console.get(`/playbooks/${id}`)).status).toBe(404);
      expect((await console.get(`/playbooks/${id}/definition`)).status).toBe(404);
      expect((await console.get(`/playbooks/${id}/run`)).status).toBe(404);
    },
  );

  test('offers a viewer nothing to press, and says which role it takes', async () => {
    await seedPlaybook(documents);
    console.become({ ...TEST_PERSON, role: 'viewer' });
    const page = await html();
    expect(page).not.toMatch(/Run now…|Pause…|Disable…/);
    expect(page).toContain('operator or admin; yours is viewer');
  });

  test('offers an operator to run and to pause, and not to disable', async () => {
    await seedPlaybook(documents);
    console.become({ ...TEST_PERSON, role: 'operator' });
    const page = await html();
    expect(page).toMatch(/Run now….*Pause…/s);
    expect(page).not.toContain('Disable…');
  });

  test('shows hostile texts inert', async () => {
    const hostile = `<script>alert(1)</script>\u202E${'x'.repeat(80)}`;
    await seedPlaybook(documents, {
      definition: {
        name: hostile,
        description: hostile,
        owner: hostile,
        labels: { area: hostile },
        criteria: [{ ...CRITERION, name: hostile, ok: hostile }],
      },
    });
    const page = await html();
    expect(page).not.toMatch(/<script>alert|\u202E/);
  });
});
