import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { close } from '#records/threads/thread-changes.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { rememberTestProbe } from '#console/testing/probe-integrations.ts';
import { seedTestIntegrations, seedTestPlaybook } from '#console/testing/seed-test-playbook.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';
import { openTestThread } from '#console/testing/thread-of.ts';

const HOUR_MS = 3_600_000;

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const page = async (path = '/health'): Promise<string> =>
  (await (await console.get(path)).text()).replaceAll(/<\/?bdi[^>]*>/g, '');
const heading = (html: string): string | undefined => /<h1>(.*?)<\/h1>/.exec(html)?.[1];
const row = (html: string, id: string): string =>
  new RegExp(`<li id="integration-${id}".*?</li>`, 's').exec(html)?.[0] ?? '';
const hoursAgo = (hours: number): Date => new Date(console.clock.now().getTime() - hours * HOUR_MS);
const figures = (html: string): readonly (string | undefined)[] =>
  [...html.matchAll(/<dt>(.*?)<\/dt><dd class="figure">(.*?)<\/dd>/g)].map(([, name, value]) => `${name} ${value}`);

describe('health', () => {
  test('says what to do while no integration is named, and while the settings are missing', async () => {
    expect(await page()).toContain('is not in the database');
    await seedTestIntegrations(documents, []);
    console.clock.advance(60_000);
    expect(await page()).toContain('No integrations yet.');
  });

  test('shows how each integration is and was: latency now, mean and worst, uptime of a day, a week and a month', async () => {
    await seedTestIntegrations(documents, [{ id: 'gmail', name: 'Gmail' }]);
    await rememberTestProbe(documents, { id: 'gmail', at: hoursAgo(20 * 24), status: 'offline', error: 'Down.' });
    await rememberTestProbe(documents, { id: 'gmail', at: hoursAgo(3), latencyMs: 100 });
    await rememberTestProbe(documents, {
      id: 'gmail',
      at: hoursAgo(1),
      latencyMs: 300,
      status: 'degraded',
      band: 'warn',
    });
    const html = await page();
    expect(heading(html)).toBe('All integrations are up, 1 is slow');
    expect(row(html, 'gmail')).toMatch(/Gmail.*300 ms.*slow/s);
    expect(figures(row(html, 'gmail'))).toEqual(['24 h 100%', '7 d 100%', '30 d 66%', 'mean 200 ms', 'worst 300 ms']);
    expect(row(html, 'gmail')).toMatch(
      /Last OK <time[^>]*>1 h ago.*<span title="Down.">Last failure <time[^>]*>20 days ago/s,
    );
  });

  test('draws the hours of a day, the days of a week or of a month, each told in words', async () => {
    await seedTestIntegrations(documents, [{ id: 'gmail', name: 'Gmail' }]);
    await rememberTestProbe(documents, { id: 'gmail', at: hoursAgo(2), status: 'offline', latencyMs: null });
    await rememberTestProbe(documents, { id: 'gmail', at: hoursAgo(1) });
    const [day, week, month] = [await page(), await page('/health?window=7d'), await page('/health?window=30d')];
    expect(row(day, 'gmail').match(/<rect/g)).toHaveLength(24);
    expect(row(day, 'gmail')).toContain('<title>Fri 07:00: 1 check, 1 failed</title>');
    expect(row(day, 'gmail')).toContain('<title>Fri 08:00: 1 check, 120 ms</title>');
    expect(row(week, 'gmail').match(/<rect/g)).toHaveLength(7);
    expect(row(week, 'gmail')).toContain('<title>Fri 20 Nov: 2 checks, 1 failed, 120 ms</title>');
    expect(row(month, 'gmail').match(/<rect/g)).toHaveLength(30);
    expect(row(await page('/health?window=foo'), 'gmail').match(/<rect/g)).toHaveLength(24);
  });

  test('puts what is offline first, with how often it failed and what it said', async () => {
    await seedTestIntegrations(documents, [{ id: 'a_well' }, { id: 'z_down' }]);
    await rememberTestProbe(documents, { id: 'a_well', at: hoursAgo(1) });
    for (const hours of [3, 2]) {
      await rememberTestProbe(documents, { id: 'z_down', at: hoursAgo(hours), status: 'offline', error: 'HTTP 503.' });
    }
    const html = await page();
    expect(heading(html)).toBe('1 integration is offline');
    expect(html.indexOf('integration-z_down')).toBeLessThan(html.indexOf('integration-a_well'));
    expect(row(html, 'z_down')).toContain('The last 2 checks failed: HTTP 503.');
    expect(row(html, 'z_down')).toContain('Never answered correctly');
  });

  test('names the secret that one without credentials needs, and counts it in nothing', async () => {
    const headers = { authorization: 'Bearer ${CRM_TOKEN}' };
    await seedTestIntegrations(documents, [
      { id: 'crm', headers },
      { id: 'new', headers },
    ]);
    await rememberTestProbe(documents, { id: 'crm', at: hoursAgo(1), status: 'unconfigured', latencyMs: null });
    const html = await page();
    expect(heading(html)).toBe('No integrations checked yet');
    expect(html).toContain('Not counted: 1 integration without credentials, 1 not checked yet.');
    expect(row(html, 'crm')).toContain('Needs the secret CRM_TOKEN. Set it with npm run secrets.');
    expect(row(html, 'crm')).not.toContain('<svg');
    expect(row(html, 'new')).toContain('Checked when a playbook calls checkIntegrations.');
  });

  test('lists the incidents, open ones first', async () => {
    await openTestThread(documents, 'open', { kind: 'incident', createdAt: hoursAgo(9) });
    await openTestThread(documents, 'closed', { kind: 'incident' });
    await openTestThread(documents, 'note');
    await seedTestPlaybook(documents, 'ops_churn_prevention');
    const world = { documents, clock: console.clock, newId: () => 'one' };
    await close(world, { email: 'ada@example.com', role: 'admin' }, { threadId: 'closed', reason: 'Over.' });
    const html = await page();
    expect([...html.matchAll(/Thread (\w+)/g)].map(([, id]) => id)).toEqual(['open', 'closed']);
    expect(html).toMatch(/href="\/playbooks\/ops_churn_prevention">[^/]*Playbook ops_churn_prevention/);
  });

  test('reads at most 24 documents besides those of the frame and the names of playbooks, and shows hostile texts inert', async () => {
    const name = `<script>alert(1)</script>\u202E${'x'.repeat(5_000)}`;
    await seedTestIntegrations(documents, [{ id: 'gmail', name, group: name }]);
    await rememberTestProbe(documents, {
      id: 'gmail',
      at: hoursAgo(1),
      status: 'offline',
      error: `<img src=x>${name}`,
    });
    for (let index = 0; index < 40; index += 1) {
      await openTestThread(documents, `${index}"><b>`, { kind: 'incident', title: name });
    }
    documents.reset();
    const html = await (await console.get('/health')).text();
    expect(documents.counts().reads).toBeLessThanOrEqual(25);
    expect(html).not.toMatch(/<script>|<img|<b>|\u202E/);
    expect(html).toContain('\\u202e');
    expect(html.length).toBeLessThan(60_000);
  });
});
