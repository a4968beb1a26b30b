import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { comment } from '#records/threads/thread-changes.ts';
import { loadThread } from '#records/threads/threads.ts';
import type { Thread } from '#records/threads/thread.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';
import { afterHours, openTestThread } from '#console/testing/thread-of.ts';

const MAIL = { name: 'Ann', to: 'ann@example.com', subject: 'We miss you', body: 'Hi Ann,\n\n**15 % off**' };

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
  await openTestThread(documents, 't1', { deadlineAt: afterHours(3), payload: { drafts: [MAIL] } });
});
afterEach(() => console.close());

const html = async (path: string): Promise<string> => (await console.get(path)).text();
const bob = { ...TEST_PERSON, uid: 'bob', email: 'bob@example.com' };

async function thread(id = 't1'): Promise<Thread> {
  const found = await loadThread(documents, id);
  if (found === undefined) throw new Error('There is no such thread.');
  return found;
}

async function approve(comment = ''): Promise<Response> {
  return console.post('/inbox/t1/approve', { payloadSha256: (await thread()).payloadSha256, comment });
}

describe('a thread that waits', () => {
  test('warns of characters that a reader does not see, and shows them', async () => {
    await openTestThread(documents, 'bidi', { deadlineAt: afterHours(3), payload: { note: 'see \u202Eexe.gnp' } });
    const page = await html('/inbox/bidi');
    expect(page).toMatch(/Hidden characters:.*like <code>\\u202e<\/code>/);
    expect(page).not.toContain('\u202E');
  });

  test('shows hostile mails inert and in bounds', async () => {
    const hostile = { to: '<b>@x', subject: '<img src=x>', html: '<script>alert(1)</script>', extra: { '<i>': 1 } };
    const payload = { drafts: [{ ...hostile, text: 'y'.repeat(300_000) }, ...Array.from({ length: 199 }, () => MAIL)] };
    await openTestThread(documents, 'hostile', {
      deadlineAt: afterHours(3),
      payload,
      body: '<iframe src=x>![i](http://x/i.png)',
    });
    const page = await html('/inbox/hostile');
    expect(page).not.toMatch(/<img|<script>alert|<iframe|<b>@x|<i>/);
    expect(page).toContain('Showing the first 50 of 200 mails.');
    expect(page.length).toBeLessThan(200_000);
  });

  test('shows text, mails, data and the hash that a decision holds for', async () => {
    const page = await html('/inbox/t1');
    expect(page).toContain('Some <strong>text</strong>.');
    expect(page).toContain('Hi Ann,\n\n**15 % off**');
    expect(page).toContain('ann@example.com');
    expect(page).toContain('&quot;subject&quot;: &quot;We miss you&quot;');
    expect(page).toContain((await thread()).payloadSha256);
    expect(page).toContain('Approve 1 mail?');
    expect(page).toContain('href="/executions/execution-of-t1?step=campaign#step"');
    expect(page).toContain('data-live="thread/t1"');
  });

  test('is approved by one form, and the decision stands with its audit entry', async () => {
    const answer = await approve('Looks good.');
    expect(answer.headers.get('location')).toBe('/inbox/t1?notice=approved');
    expect((await thread()).decision).toMatchObject({
      verdict: 'approved',
      by: 'ada@example.com',
      comment: 'Looks good.',
    });
    const { items } = await listAuditEntries(documents, {}, { limit: 10 });
    expect(items.map(({ action, by }) => [action, by])).toEqual([['thread_approved', 'ada@example.com']]);
  });

  test('is not rejected without a comment: the page says why and nothing is changed', async () => {
    const { payloadSha256 } = await thread();
    const answer = await console.post('/inbox/t1/reject', { payloadSha256, comment: '  ' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/Nothing was changed\.<\/strong> A reason is needed/);
    expect((await thread()).state).toBe('awaiting_approval');
  });

  test('tells who was faster and shows the thread as it is now', async () => {
    const { payloadSha256 } = await thread();
    console.become(bob);
    await approve();
    console.become(TEST_PERSON);
    const answer = await console.post('/inbox/t1/reject', { payloadSha256, comment: 'No <b>discount</b>.' });
    expect(answer.status).toBe(409);
    const page = await answer.text();
    expect(page).toContain('Already decided: bob@example.com approved it');
    expect(page).toMatch(/approved<\/span><span class="grow">by <bdi>bob@example.com/);
  });

  test('keeps a rejection that came too late to be written again, inert', async () => {
    const answer = await console.post('/inbox/t1/reject', { payloadSha256: 'old', comment: 'No </textarea><b>x' });
    expect(answer.status).toBe(409);
    const page = await answer.text();
    expect(page).toContain('No &lt;/textarea&gt;&lt;b&gt;x');
    expect(page).not.toContain('<b>x');
  });

  test('is undone within a minute, counted down, and not after it', async () => {
    await approve();
    console.clock.advance(15_000);
    expect(await html('/inbox/t1')).toMatch(/data-countdown="">in 45 s<\/time>/);
    expect((await console.post('/inbox/t1/undo', {})).headers.get('location')).toBe('/inbox/t1?notice=undone');
    expect((await thread()).state).toBe('awaiting_approval');
    await approve();
    console.clock.advance(61_000);
    expect(await html('/inbox/t1')).not.toContain('action="/inbox/t1/undo"');
    expect((await console.post('/inbox/t1/undo', {})).status).toBe(409);
  });

  test('is not changed by any GET', async () => {
    const before = await thread();
    documents.reset();
    for (const deed of [
      'approve',
      'reject',
      'undo',
      'comment',
      'assign',
      'close',
      'reopen',
      'modify',
      'payload.json',
    ]) {
      expect((await console.get(`/inbox/t1/${deed}`)).status).toBeLessThan(400);
    }
    expect(documents.counts().writes).toBe(0);
    expect(await thread()).toEqual(before);
  });

  test('says that it expired once its deadline has passed, and is decided no more', async () => {
    console.clock.advance(4 * 3_600_000);
    const page = await html('/inbox/t1');
    expect(page).toContain('counts as');
    expect(page).not.toContain('action="/inbox/t1/approve"');
    expect(await (await approve()).text()).toContain('It expired because nobody decided by');
  });

  test('cannot be decided when its record was changed outside the console', async () => {
    await documents.commit([
      { kind: 'update', path: 'playbook_threads/t1', changes: [{ field: ['title'], value: 'Another' }] },
    ]);
    const page = await html('/inbox/t1');
    expect(page).toContain('This item was changed outside the console.');
    expect(page).not.toContain('action="/inbox/t1/approve"');
    expect((await approve()).status).toBe(409);
  });
});

describe('roles', () => {
  test.each([
    ['viewer', []],
    ['operator', ['comment']],
    ['approver', ['approve', 'reject', 'comment']],
  ] as const)('a %s sees the forms %j and no other', async (role, deeds) => {
    console.become({ ...TEST_PERSON, role });
    const page = await html('/inbox/t1');
    const forms = [...page.matchAll(/action="\/inbox\/t1\/([a-z]+)"/g)].map(([, deed]) => deed);
    expect(new Set(forms)).toEqual(new Set(deeds));
    const mayDecide = role === 'approver';
    expect(page.includes(`Requires the role approver or admin; yours is ${role}.`)).toBe(!mayDecide);
    expect(page).toContain(`Waiting for ${mayDecide ? 'your' : 'a'} decision`);
  });

  test('a viewer changes nothing, whatever is sent', async () => {
    console.become({ ...TEST_PERSON, role: 'viewer' });
    documents.reset();
    for (const deed of ['approve', 'reject', 'undo', 'comment', 'assign', 'close', 'reopen', 'modify']) {
      expect((await console.post(`/inbox/t1/${deed}`, {})).status).toBe(403);
    }
    expect(documents.counts().writes).toBe(0);
  });
});

describe('what people say and do beside deciding', () => {
  test('a comment is added once, however often the form is sent, and shown inert', async () => {
    const fields = { commentId: 'comment-1', text: 'See <script>\r\nline 2 \u202E' };
    await console.post('/inbox/t1/comment', fields);
    await console.post('/inbox/t1/comment', fields);
    const page = await html('/inbox/t1');
    expect(page.match(/See &lt;script&gt;\nline 2/g)).toHaveLength(1);
    expect(page).not.toContain('\u202E');
  });

  test('a note is closed with a reason and opened again', async () => {
    await openTestThread(documents, 'note');
    await console.post('/inbox/note/close', { reason: 'Mended.' });
    expect(await html('/inbox/note')).toContain('Mended.');
    await console.post('/inbox/note/reopen', {});
    expect((await thread('note')).state).toBe('open');
  });

  test('a thread that expired is closed, and asks for nothing any more', async () => {
    console.clock.advance(4 * 3_600_000);
    await console.post('/inbox/t1/close', { reason: 'Asked anew.' });
    const page = await html('/inbox/t1');
    expect(page).toContain('Asked anew.');
    expect(page).not.toContain('id="decide"');
  });

  test('a thread is handed to a role that exists, and to no other', async () => {
    const people = {
      roles: { operator: ['o@example.com'], owner: ['boss@example.com'] },
      sender: { email: 'p@example.com', name: 'P' },
    };
    await documents.commit([{ kind: 'set', path: 'playbook_settings/people', data: { content: people } }]);
    await console.post('/inbox/t1/assign', { role: 'owner' });
    expect(await thread()).toMatchObject({ assignee: 'owner', assigneeAddresses: ['boss@example.com'] });
    const refused = await console.post('/inbox/t1/assign', { role: 'ownr' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('owner');
  });

  test('an unknown thread is a page that says so', async () => {
    const answer = await console.get('/inbox/none');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('No thread has this ID.');
    expect((await console.post('/inbox/none/comment', { commentId: 'comment-1', text: 'x' })).status).toBe(404);
  });

  test('reads at most 60 documents for a long conversation', async () => {
    let count = 0;
    const world = { documents, clock: console.clock, newId: () => `id-${(count += 1)}` };
    for (let index = 0; index < 70; index += 1) {
      await comment(
        world,
        { email: 'ada@example.com', role: 'admin' },
        { threadId: 't1', commentId: `comment-${index}`, text: 'x' },
      );
    }
    documents.reset();
    await html('/inbox/t1');
    expect(documents.counts().reads).toBeLessThanOrEqual(60);
  });
});
