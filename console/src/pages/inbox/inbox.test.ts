import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { close } from '#records/threads/thread-changes.ts';
import { decide } from '#records/threads/thread-decisions.ts';
import { loadThread } from '#records/threads/threads.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';
import { afterHours, openTestThread } from '#console/testing/thread-of.ts';

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const html = async (path: string): Promise<string> => (await console.get(path)).text();
const titlesIn = (page: string): readonly string[] => [...page.matchAll(/Thread [\w-]+/g)].map(([title]) => title);
let count = 0;
const world = () => ({ documents, clock: console.clock, newId: () => `id-${(count += 1)}` });

describe('the inbox', () => {
  test('says what will stand there while nothing waits', async () => {
    expect(await html('/inbox')).toContain('You’re all caught up.');
  });

  test('shows what waits, the soonest deadline first, and says when it expires', async () => {
    await openTestThread(documents, 'late', { deadlineAt: afterHours(30) });
    await openTestThread(documents, 'soon', { deadlineAt: afterHours(3) });
    await openTestThread(documents, 'note');
    const page = await html('/inbox');
    expect(titlesIn(page)).toEqual(['Thread soon', 'Thread late']);
    expect(page).toMatch(/expires\s*<time[^>]*>in 3 h</);
    expect(page).toContain('href="/playbooks/ops_churn_prevention"');
  });

  test('keeps states apart: open, decided, expired, closed, all', async () => {
    await openTestThread(documents, 'open');
    await openTestThread(documents, 'closed');
    await openTestThread(documents, 'approved', { deadlineAt: afterHours(30) });
    await openTestThread(documents, 'expired', { deadlineAt: afterHours(1) });
    const ada = { email: 'ada@example.com', role: 'admin' } as const;
    await close(world(), ada, { threadId: 'closed', reason: 'Done.' });
    const payloadSha256 = (await loadThread(documents, 'approved'))?.payloadSha256 ?? '';
    await decide(world(), ada, { threadId: 'approved', verdict: 'approved', payloadSha256, comment: '' });
    console.clock.advance(2 * 3_600_000);

    expect(titlesIn(await html('/inbox'))).toEqual([]);
    expect(titlesIn(await html('/inbox?state=open'))).toEqual(['Thread open']);
    expect(titlesIn(await html('/inbox?state=decided'))).toEqual(['Thread approved']);
    expect(titlesIn(await html('/inbox?state=expired'))).toEqual(['Thread expired']);
    expect(titlesIn(await html('/inbox?state=closed'))).toEqual(['Thread closed']);
    expect(titlesIn(await html('/inbox?state=all'))).toHaveLength(4);
  });

  test('filters by kind and by role, and offers to clear the filters where nothing matches', async () => {
    await openTestThread(documents, 'incident', { kind: 'incident', assignee: 'owner' });
    await openTestThread(documents, 'note');
    expect(titlesIn(await html('/inbox?state=open&kind=incident'))).toEqual(['Thread incident']);
    expect(titlesIn(await html('/inbox?state=open&assignee=operator'))).toEqual(['Thread note']);
    expect(await html('/inbox?state=open&assignee=nobody')).toContain('Clear filters');
  });

  test('takes a state and a kind that do not exist as none, and refuses a page that it never gave', async () => {
    expect(await html('/inbox?state=foo&kind=bar')).toContain('You’re all caught up.');
    expect((await console.get('/inbox?after=garbage')).status).toBe(400);
  });

  test('leads page by page through all that waits, none twice and none missing', async () => {
    for (let index = 0; index < 60; index += 1) {
      await openTestThread(documents, `t-${index}`, { deadlineAt: afterHours(1 + (index % 7)) });
    }
    const seen: string[] = [];
    let path: string | undefined = '/inbox';
    while (path !== undefined) {
      const page: string = await html(path);
      seen.push(...titlesIn(page));
      path = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  });

  test('reads at most 60 documents however many threads there are', async () => {
    for (let index = 0; index < 120; index += 1) {
      await openTestThread(documents, `t-${index}`, { deadlineAt: afterHours(1 + index) });
    }
    documents.reset();
    await html('/inbox');
    expect(documents.counts().reads).toBeLessThanOrEqual(60);
  });

  test('shows hostile titles and ids inert', async () => {
    const title = `<img src=x onerror=alert(1)> \u202Egnp.exe ${'x'.repeat(10_000)}`;
    await openTestThread(documents, 'a"><script>', { title, deadlineAt: afterHours(3) });
    const page = await html('/inbox');
    expect(page).not.toMatch(/<img|<script>/);
    expect(page).not.toContain('\u202E');
    expect(page).toContain('\\u202egnp.exe');
    expect(page).toContain('href="/inbox/a%22%3E%3Cscript%3E"');
    expect(page.length).toBeLessThan(20_000);
  });
});
