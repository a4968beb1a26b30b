import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentData } from '#ports/documents/documents.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { entryId, type AuditedAction } from '#records/audit/audit-entry.ts';
import { AUDIT_HEAD_PATH, appendAudit } from '#records/audit/audit-log.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const html = async (path: string): Promise<string> => (await console.get(path)).text();

let count = 0;
async function put(action: AuditedAction, by = 'ada@example.com'): Promise<void> {
  const world = { documents, clock: console.clock, newId: () => `id-${(count += 1)}` };
  await appendAudit(world, { email: by, role: 'admin' }, action);
  console.clock.advance(1_000);
}

const paused = { action: 'playbook_paused', target: { kind: 'playbook', id: 'ops_daily', name: 'Daily' } } as const;

describe('the audit log', () => {
  test('says what will stand there while it is empty', async () => {
    expect(await html('/audit')).toContain('No activity yet.');
  });

  test('shows who did what to what, when and why, with a link to it', async () => {
    await put({ ...paused, reason: 'Supplier is moving.', details: { until: null } });
    const page = await html('/audit');
    expect(page).toMatch(/paused <a href="\/playbooks\/ops_daily"><bdi>Daily<\/bdi><\/a>/);
    expect(page).toContain('Supplier is moving.');
    expect(page).toContain('&quot;until&quot;: null');
    expect(page).toContain('Verified: the newest entry is intact.');
  });

  test('is filtered by action, person and what it was done to', async () => {
    await put(paused);
    await put({ action: 'signed_in', target: { kind: 'person', id: 'bob@example.com' } }, 'bob@example.com');
    expect(await html('/audit?action=signed_in')).not.toContain('Daily');
    expect(await html('/audit?by=ada%40example.com')).not.toContain('bdi>bob@example.com');
    expect(await html('/audit?target=ops_daily')).not.toContain('bdi>bob@example.com');
    expect(await html('/audit?by=nobody')).toContain('No entries match these filters.');
  });

  test('raises the alarm where an entry was changed outside the console', async () => {
    for (let index = 0; index < 3; index += 1) await put({ ...paused, reason: `Reason ${index}` });
    await documents.commit([
      { kind: 'update', path: `audit_log/${entryId(2)}`, changes: [{ field: ['by'], value: 'eve@example.com' }] },
    ]);
    const page = await html('/audit');
    expect(page).toContain('The audit log was tampered with or is damaged');
    expect(page).toContain(entryId(2));
  });

  const head = (data: DocumentData) => documents.commit([{ kind: 'set', path: AUDIT_HEAD_PATH, data }]);
  const ALARM = 'The audit log was tampered with or is damaged';

  test.each([{ sequence: 'x' }, { sequence: 300, sha256: 'f' }, { sequence: 30, sha256: 'f' }])(
    'raises the alarm and shows its entries where its head says %j',
    async (data) => {
      for (let index = 0; index < 40; index += 1) await put({ ...paused, reason: `Reason ${index}!` });
      await head(data);
      const page = await html('/audit');
      expect(page).toContain(ALARM);
      expect(page).toContain('Reason 39!');
    },
  );

  test('raises the alarm where its head was put back, or taken away, so that entries stand behind it', async () => {
    for (let index = 0; index < 30; index += 1) await put(paused);
    const { data } = (await documents.get(AUDIT_HEAD_PATH)) ?? { data: {} };
    for (let index = 0; index < 30; index += 1) await put(paused);
    await head(data);
    expect(await html('/audit')).toContain(ALARM);
    await documents.commit([{ kind: 'delete', path: AUDIT_HEAD_PATH }]);
    expect(await html('/audit')).toContain(ALARM);
  });

  test.each([5, 6, 7])('raises the alarm where the %d. entry from the oldest is gone or damaged', async (sequence) => {
    for (let index = 0; index < 30; index += 1) await put(paused);
    const path = `audit_log/${entryId(sequence)}`;
    await documents.commit([{ kind: 'set', path, data: { at: console.clock.now() } }]);
    expect(await html('/audit')).toContain(sequence === 5 ? 'are intact' : ALARM);
    await documents.commit([{ kind: 'delete', path }]);
    expect(await html('/audit')).toContain(sequence === 5 ? 'are intact' : ALARM);
  });

  test('looks for no more of a word than any database compares with', async () => {
    await put(paused);
    const page = await html(`/audit?by=${'é'.repeat(10_000)}&target=${'é'.repeat(10_000)}`);
    expect(page).toContain('No entries match these filters.');
    expect(page.match(/é{451}|(?:%C3%A9){451}/)).toBeNull();
  });

  test('leads page by page through all entries, with at most 60 documents read for each', async () => {
    for (let index = 0; index < 70; index += 1) await put({ ...paused, reason: `Reason ${index}!` });
    const seen: string[] = [];
    let path: string | undefined = '/audit';
    while (path !== undefined) {
      documents.reset();
      const page: string = await html(path);
      expect(documents.counts().reads).toBeLessThanOrEqual(60);
      seen.push(...[...page.matchAll(/Reason \d+!/g)].map(([reason]) => reason));
      path = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(new Set(seen).size).toBe(70);
    expect(seen[0]).toBe('Reason 69!');
  });

  test('shows hostile names and reasons inert', async () => {
    const name = `<img src=x>\u202E${'n'.repeat(10_000)}`;
    await put({ action: 'thread_closed', target: { kind: 'thread', id: '"><b>', name }, reason: '<script>x</script>' });
    const page = await html('/audit');
    expect(page).not.toMatch(/<img|<script>x|\u202E/);
    expect(page).toContain('href="/inbox/%22%3E%3Cb%3E"');
  });
});
