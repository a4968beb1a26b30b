import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { RunningExecution } from '#engine/record/execution.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { EXECUTIONS, loadExecution } from '#records/executions/executions.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { seedTestPlaybook } from '#console/testing/seed-test-playbook.ts';
import { doneStep, runningStep, storeExecution } from '#console/testing/store-execution.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';

const LEASE_MS = 60_000;
const SEC = 1_000;

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  // One clock for readers and database: a lease is as old as the test says.
  const clock = fakeClock();
  documents = countedDocuments(sqliteDocuments({ file: ':memory:', clock }));
  console = await openTestConsole({ documents, clock });
  await seedTestPlaybook(documents, 'ops_test');
});
afterEach(() => console.close());

const page = async (path: string): Promise<string> =>
  (await (await console.get(path)).text()).replaceAll(/<\/?bdi[^>]*>/g, '');
const heading = (html: string): string | undefined => /<h1>(.*?)<\/h1>/.exec(html)?.[1];
const section = (html: string, id: string): string =>
  new RegExp(`<section class="[^"]*" id="${id}".*?</section>`, 's').exec(html)?.[0] ?? '';
const words = (html: string): string => html.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');

/** One that begins now, in its step `tell`, with so long until its deadline. */
async function begin(
  id: string,
  deadlineMs: number,
  changes: Pick<Partial<RunningExecution>, 'slot' | 'trigger' | 'lease'> = {},
): Promise<void> {
  const startedAt = console.clock.now();
  const steps = [doneStep('look'), runningStep('tell', { order: 1 })];
  const deadlineAt = new Date(startedAt.getTime() + deadlineMs);
  await storeExecution(documents, { id, startedAt, status: 'running', steps, deadlineAt, ...changes });
}

const silent = async (id = 'one', deadlineMs = 10 * SEC): Promise<void> => {
  await begin(id, deadlineMs);
  console.clock.advance(LEASE_MS + SEC);
};

describe('an execution past its deadline whose runner is silent', () => {
  test('needs attention: Now says which, since when, and in which step it was', async () => {
    await silent();
    const html = await page('/');
    expect(heading(html)).toBe('1 item needs attention');
    expect(html).toContain('1 execution overdue and silent');
    const needs = words(section(html, 'needs'));
    expect(needs).toContain('! silentTest');
    expect(needs).toMatch(/deadline passed 51 s ago, runner silent since Fri,? 20 Nov,? 09:00:00, in step tell/);
    expect(section(html, 'needs')).toContain('href="/executions/one"');
    expect(words(section(html, 'running'))).toContain('No executions in progress.');
  });

  test('is found however many began after it, and of many it is said that there are more', async () => {
    await silent('first');
    for (let index = 0; index < 8; index += 1) await begin(`later-${index}`, 600 * SEC);
    expect(section(await page('/'), 'needs')).toContain('href="/executions/first"');

    for (let index = 0; index < 4; index += 1) await begin(`dead-${index}`, SEC);
    console.clock.advance(LEASE_MS + SEC);
    const html = await page('/');
    expect(heading(html)).toBe('3 or more items need attention');
    expect(section(html, 'needs')).toContain('All unfinished executions →');
  });

  test('does not need attention while its runner is alive, to tell people that it is late', async () => {
    await begin('one', 10 * SEC);
    console.clock.advance(20 * SEC);
    const html = await page('/');
    expect(heading(html)).toBe('Nothing needs attention');
    expect(section(html, 'running')).toContain('href="/executions/one"');
  });

  test('says so on its page, where nothing is said to run any more', async () => {
    await silent();
    const html = await page('/executions/one');
    const said = words(section(html, 'silence'));
    expect(said).toMatch(/Runner silent since .*09:00:00 \(1 min ago, in step tell\)\. Its deadline passed 51 s ago/);
    expect(said).toContain('The next delivery of its slot ends it as failed, if one still comes.');
    expect(html).not.toMatch(/Running, started|still running|<animate/);
    expect(html).toContain('its runner went silent');
    expect(words(section(html, 'step'))).toContain('? silent');
    expect(html).not.toMatch(/▸|fill-running/);
    expect(html).toContain('<title>Test: silent');
  });

  test('is marked in lists', async () => {
    await silent();
    for (const path of ['/executions', '/playbooks/ops_test', '/playbooks']) {
      expect(words(await page(path))).toContain('! silent');
    }
    expect(words(await page('/executions'))).toMatch(/deadline passed, runner silent since/);
    expect(await (await console.get('/executions.json')).json()).toMatchObject({
      executions: [{ silentSince: '2026-11-20T14:00:00.000Z', pastDeadline: true }],
    });
    expect(await (await console.get('/executions.csv')).text()).toContain('2026-11-20T14:00:00.000Z,true');
  });
});

describe('an execution whose runner is silent before its deadline', () => {
  test('is noted among what runs, and needs nobody', async () => {
    await silent('one', 600 * SEC);
    const html = await page('/');
    expect(heading(html)).toBe('Nothing needs attention');
    expect(words(section(html, 'running'))).toMatch(
      /Runner silent since .*09:00:00\. The next delivery of its slot resumes it, if one still comes\./,
    );
    expect(words(section(await page('/executions/one'), 'silence'))).toContain('Its deadline is in 9 min.');
  });

  test('that was started manually is resumed by nothing', async () => {
    await begin('one', 600 * SEC, { slot: null, trigger: { kind: 'manual' } });
    console.clock.advance(LEASE_MS + SEC);
    expect(words(section(await page('/'), 'running'))).toContain('nothing resumes it by itself');
  });

  test('that was given back is said to be', async () => {
    await begin('one', 600 * SEC, { lease: { owner: 'r', nonce: 'n', durationMs: 0, takeovers: 0, interruptions: 0 } });
    expect(words(section(await page('/executions/one'), 'silence'))).toContain('released the execution');
  });
});

test('Now and the page of what runs load themselves anew when the lease runs out', async () => {
  await begin('one', 600 * SEC);
  const due = '<time hidden="" datetime="2026-11-20T14:01:00.000Z" data-countdown=""></time>';
  expect(await page('/')).toContain(due);
  expect(await page('/executions/one')).toContain(due);
});

test('Now does not call it OK when it cannot check for stuck executions', async () => {
  await storeExecution(documents, { id: 'good', startedAt: console.clock.now() });
  const query: CountedDocuments['query'] = async (asked) => {
    if (asked.collection === EXECUTIONS && asked.where?.some(({ field }) => field === 'deadlineAt') === true)
      throw new DocumentsError('invalid', 'It needs an index.');
    return documents.query(asked);
  };
  const blind = await openTestConsole({ documents: { ...documents, query }, clock: console.clock });
  const html = await (await blind.get('/')).text();
  expect(heading(html)).toBe('Status incomplete');
  expect(section(html, 'needs')).toContain('It needs an index.');
});

describe('ending an execution', () => {
  const end = (reason = 'Its machine is gone.') => console.post('/executions/one/end', { reason });

  test('takes a reason and a press, and the page then says who ended it, why, and what to do', async () => {
    await silent();
    expect(section(await page('/executions/one'), 'silence')).toContain('action="/executions/one/end"');

    const answer = await end();
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/executions/one?notice=ended']);

    const html = words(await page('/executions/one?notice=ended'));
    expect(html).toContain('Ended as failed.');
    expect(html).toMatch(/Ended by a person at “\s*tell/);
    expect(html).toContain('ada@example.com ended it: Its machine is gone.');
    expect(html).toContain('The runner vanished. Whether the effect of this attempt happened is unknown.');
    expect(html).toContain('What to do: Its runner vanished, and the message says who or what ended it.');
    expect(html).not.toContain('It is retried');
    expect(html).not.toContain('End execution…');
    expect((await listAuditEntries(documents, {}, { limit: 5 })).items).toMatchObject([
      { action: 'execution_ended', by: 'ada@example.com', role: 'admin', reason: 'Its machine is gone.' },
    ]);
    expect(words(await page('/audit'))).toContain('ended an execution of Test');
    expect(heading(await page('/'))).toBe('1 item needs attention');
  });

  test('is refused while its runner is alive, and where it has ended, with the reason on the page', async () => {
    await begin('one', 600 * SEC);
    const refused = await end();
    expect(refused.status).toBe(409);
    expect(words(await refused.text())).toMatch(
      /Not ended\. Its runner may still be working: the lease of runner-1 runs until/,
    );
    expect(await loadExecution(documents, 'one')).toMatchObject({ status: 'running' });

    console.clock.advance(LEASE_MS + SEC);
    await end();
    const late = await end('Another reason.');
    expect([late.status, words(await late.text())]).toEqual([409, expect.stringContaining('It has ended already')]);
    expect((await end()).status).toBe(303);
  });

  test('needs a reason, and keeps what was written', async () => {
    await silent();
    expect((await end(' ')).status).toBe(400);
    const long = 'x'.repeat(501);
    const answer = await end(long);
    const html = await answer.text();
    expect(answer.status).toBe(400);
    expect(html).toContain(long);
    expect(html).toMatch(/<details class="disclosure " id="end" open/);
    expect(html).not.toContain('data-live');
  });

  test.each(['viewer', 'approver'] as const)('is not for a %s, who sees no button', async (role) => {
    await silent();
    console.become({ ...TEST_PERSON, role });
    expect((await end()).status).toBe(403);
    expect(await loadExecution(documents, 'one')).toMatchObject({ status: 'running' });
    const shown = section(await page('/executions/one'), 'silence');
    expect(shown).toContain('requires the role operator or admin');
    expect(shown).not.toContain('<form');
  });

  test('is for an operator', async () => {
    await silent();
    console.become({ ...TEST_PERSON, role: 'operator' });
    expect((await end()).status).toBe(303);
  });

  test('of none there is says so, and asking for its address does nothing', async () => {
    expect((await console.post('/executions/none/end', { reason: 'x' })).status).toBe(404);
    await silent();
    const answer = await console.get('/executions/one/end');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/executions/one']);
    expect(await loadExecution(documents, 'one')).toMatchObject({ status: 'running' });
  });
});
