import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { loadControl } from '#records/settings/control.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { pausePlaybook } from '#records/playbooks/playbook-switches.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { rememberTestProbe } from '#console/testing/probe-integrations.ts';
import { seedTestIntegrations, seedTestPlaybook } from '#console/testing/seed-test-playbook.ts';
import { storeExecution } from '#console/testing/store-execution.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';
import { afterHours, openTestThread } from '#console/testing/thread-of.ts';

const FAILURE = { code: 'unavailable', class: 'transient', message: 'Mailjet did not answer.' } as const;

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

/** The page without what only marks where texts end. */
const page = async (): Promise<string> => (await (await console.get('/')).text()).replaceAll(/<\/?bdi[^>]*>/g, '');
const heading = (html: string): string | undefined => /<h1>(.*?)<\/h1>/.exec(html)?.[1];
const section = (html: string, id: string): string =>
  new RegExp(`<section class="panel" id="${id}".*?</section>`, 's').exec(html)?.[0] ?? '';
const minutesAgo = (minutes: number): Date => new Date(console.clock.now().getTime() - minutes * 60_000);
const failed = async (id: string, startedAt: Date, playbookId = 'ops_test'): Promise<void> =>
  storeExecution(documents, { id, playbookId, startedAt, status: 'failed', failure: FAILURE, failedStep: 'call' });

describe('now', () => {
  test('says how to begin while nothing is stored', async () => {
    const html = await page();
    expect(heading(html)).toBe('No data yet');
    expect(html).toContain('npm run seed');
  });

  test('says that all is OK when everything ran and nothing waits', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    await storeExecution(documents, { id: 'a', startedAt: minutesAgo(60) });
    await storeExecution(documents, { id: 'b', startedAt: minutesAgo(10) });
    const html = await page();
    expect(heading(html)).toBe('All OK: 2 executions in 24 h, none failed');
    expect(section(html, 'needs')).toContain('You’re all caught up: no approvals waiting');
  });

  test('does not call it OK when nothing ran', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    await storeExecution(documents, { id: 'old', startedAt: minutesAgo(25 * 60) });
    expect(heading(await page())).toBe('Nothing needs attention');
    expect(await page()).toContain('No executions in 24 h.');
  });

  test('names what needs attention: approvals by deadline, incidents, what is offline, what failed', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    await seedTestIntegrations(documents, [{ id: 'gmail', name: 'Gmail' }]);
    await rememberTestProbe(documents, { id: 'gmail', at: minutesAgo(90) });
    await rememberTestProbe(documents, { id: 'gmail', at: minutesAgo(30), status: 'offline', error: 'HTTP 500.' });
    await openTestThread(documents, 'late', { deadlineAt: afterHours(30) });
    await openTestThread(documents, 'soon', { deadlineAt: afterHours(3) });
    await openTestThread(documents, 'down', { kind: 'incident' });
    await failed('f-1', minutesAgo(120));
    await failed('f-2', minutesAgo(20));

    const html = await page();
    const needs = section(html, 'needs');
    expect(heading(html)).toBe('5 items need attention');
    expect(html).toContain('2 approvals · 1 open incident · 1 playbook failed · 1 integration offline.');
    expect([...needs.matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href)).toEqual([
      '/inbox/soon',
      '/inbox/late',
      '/inbox/down',
      '/health#integration-gmail',
      '/executions?playbook=ops_test&amp;status=failed',
    ]);
    expect(needs).toMatch(/expires <time[^>]*>in 3 h</);
    expect(needs).toMatch(/last check failed, last OK .*2 h ago/s);
    expect(needs).toMatch(/2 times in 24 h, last <time[^>]*>20 min ago<\/time>: call: Mailjet did not answer/);
  });

  test('leads straight to an execution that failed once, and forgets it after a day', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    await failed('f 1', minutesAgo(30));
    expect(section(await page(), 'needs')).toContain('href="/executions/f%201"');
    console.clock.advance(24 * 3_600_000);
    expect(section(await page(), 'needs')).toContain('You’re all caught up: no approvals waiting');
  });

  test('counts a playbook that failed long before others failed often', async () => {
    await seedTestPlaybook(documents, 'ops_early');
    await failed('early', minutesAgo(600), 'ops_early');
    for (let index = 0; index < 8; index += 1) await failed(`late-${index}`, minutesAgo(10 + index), 'ops_late');
    const needs = section(await page(), 'needs');
    expect(needs).toContain('8 times in 24 h');
    expect(needs).toContain('Playbook ops_early');
  });

  test('shows what runs with its progress, and what comes next in the zone of the reader', async () => {
    await seedTestPlaybook(documents, 'ops_test', {
      steps: [
        { id: 'a', type: 'tool_call' },
        { id: 'b', type: 'condition', if: 'true', then: [{ id: 'c', type: 'notify' }] },
      ],
    });
    await storeExecution(documents, {
      id: 'runs',
      playbookId: 'ops_test',
      startedAt: minutesAgo(2),
      status: 'running',
    });
    await seedTestPlaybook(documents, 'ops_later', { schedule: { cron: '30 12 * * *', timeZone: 'America/New_York' } });
    const html = await page();
    expect(section(html, 'running')).toContain('0 of up to 3 steps done');
    expect(section(html, 'running')).toContain('href="/executions/runs"');
    expect(section(html, 'next')).toMatch(/ops_test.*in 1 h.*10:00.*ops_later.*in 4 h.*12:30/s);
  });

  test('says which playbooks are paused, why and until when, and does not announce them', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    const world = { documents, clock: console.clock, newId: () => 'one' };
    const pause = { playbookId: 'ops_test', reason: 'The CRM moves', until: afterHours(5.5) };
    await pausePlaybook(world, { email: 'ada@example.com', role: 'admin' }, pause);
    const next = section(await page(), 'next');
    expect(next).toContain('No runs scheduled.');
    expect(next).toMatch(
      /paused by ada@example.com until <time[^>]*>Fri 20 Nov, 14:30:00<\/time>: The CRM moves.*in 6 h.*15:00/s,
    );
  });

  test('draws a strip of 24 hours for each playbook, told in words, too', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    await storeExecution(documents, { id: 'a', startedAt: minutesAgo(120) });
    await failed('b', minutesAgo(60));
    const day = section(await page(), 'day');
    expect(day).toContain('aria-label="Playbook ops_test, last 24 hours: 1 succeeded, 1 failed"');
    expect(day).toContain('<title>Fri 08:00: 1 failed</title>');
    expect(day.match(/<title>/g)).toHaveLength(24);
    expect(day.match(/class="fill-alert" x=/g)).toHaveLength(1);
  });

  test('stays when a part of it is damaged', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    await documents.commit([{ kind: 'set', path: 'playbook_spend/2026-11-20', data: { day: '2026-11-20', total: 7 } }]);
    await documents.commit([{ kind: 'set', path: 'playbooks_internal/broken', data: { id: 'broken' } }]);
    const response = await console.get('/');
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(section(html, 'spend')).toContain('is not readable');
    expect(html).toContain('1 record cannot be read and is not shown');
  });

  test('reads at most 60 documents, whatever is stored', async () => {
    await seedTestIntegrations(documents, [{ id: 'gmail' }]);
    for (let index = 0; index < 40; index += 1) {
      const startedAt = minutesAgo(1 + index);
      await seedTestPlaybook(documents, `ops_${index}`);
      await failed(`f-${index}`, startedAt, `ops_${index}`);
      await storeExecution(documents, { id: `r-${index}`, playbookId: `ops_${index}`, startedAt, status: 'running' });
      await openTestThread(documents, `a-${index}`, { deadlineAt: afterHours(1 + index) });
      await openTestThread(documents, `i-${index}`, { kind: 'incident' });
    }
    documents.reset();
    const html = await page();
    expect(documents.counts().reads).toBeLessThanOrEqual(60);
    expect(html).toContain('Showing the first 15 playbooks.');
    expect(html).toMatch(/At least \d+ executions in 24 h/);
    expect(html).toContain('3 or more open incidents');
    expect(html.match(/id="needs-failed/g)).toHaveLength(6);
    expect(html).toContain('more failed playbooks →');
  });

  test('shows hostile names and ids inert', async () => {
    const name = `<script>alert(1)</script>\u202E${'x'.repeat(150)}`;
    await seedTestPlaybook(documents, 'ops_test', { name });
    await storeExecution(documents, {
      id: '"><img src=x>',
      playbookName: name,
      startedAt: minutesAgo(1),
      status: 'running',
    });
    await openTestThread(documents, '"><b>', { kind: 'incident', title: name });
    const html = await (await console.get('/')).text();
    expect(html).not.toMatch(/<script>|<img|<b>|\u202E/);
    expect(html).toContain('href="/executions/%22%3E%3Cimg%20src%3Dx%3E"');
    expect(html).toContain('\\u202e');
  });
});

describe('pausing all playbooks', () => {
  const hold = { mode: 'maintenance', reason: 'The CRM moves', for: '4h' };

  test('is recorded with its reason and its end, is seen on Now, and ends by itself', async () => {
    await seedTestPlaybook(documents, 'ops_test');
    const response = await console.post('/control', hold);
    expect(response.headers.get('location')).toBe('/?notice=control');
    expect(await loadControl(documents)).toMatchObject({
      mode: 'maintenance',
      reason: 'The CRM moves',
      until: afterHours(4),
    });
    expect((await listAuditEntries(documents, {}, { limit: 5 })).items[0]).toMatchObject({ action: 'control_changed' });

    const html = await page();
    expect(heading(html)).toBe('Nothing needs attention, all playbooks are paused');
    expect(section(html, 'control')).toMatch(/Maintenance.*no new ones start.*The CRM moves.*Resume all playbooks/s);
    expect(section(html, 'next')).toContain('Skipped until all playbooks are resumed');
    console.clock.advance(4 * 3_600_000);
    expect(section(await page(), 'control')).toContain('All schedules are active.');
  });

  test('is taken back by the button beside it', async () => {
    await console.post('/control', hold);
    expect((await console.post('/control', { mode: 'run' })).status).toBe(303);
    expect((await loadControl(documents)).mode).toBe('run');
  });

  test('needs a reason and a way that exists', async () => {
    expect((await console.post('/control', { ...hold, reason: ' ' })).status).toBe(400);
    expect((await console.post('/control', { ...hold, mode: 'explode' })).status).toBe(400);
    expect((await console.post('/control', { ...hold, for: '999d' })).status).toBe(400);
    expect((await loadControl(documents)).mode).toBe('run');
  });

  test.each(['viewer', 'operator', 'approver'] as const)('is not for a %s, who sees no button', async (role) => {
    await seedTestPlaybook(documents, 'ops_test');
    console.become({ ...TEST_PERSON, role });
    expect((await console.post('/control', hold)).status).toBe(403);
    expect((await loadControl(documents)).mode).toBe('run');
    expect(section(await page(), 'control')).toContain('requires the role admin');
    expect(section(await page(), 'control')).not.toContain('<form');
  });
});
