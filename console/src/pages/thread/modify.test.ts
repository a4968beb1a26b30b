import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';
import { loadThread } from '#records/threads/threads.ts';
import type { Thread } from '#records/threads/thread.ts';
import { afterHours, openTestThread } from '#console/testing/thread-of.ts';

const ANN = { to: 'ann@example.com', subject: 'We miss you, Ann', body: 'Hi Ann,\r\n\r\n15 % off', code: 'A-1' };
const BEN = { to: 'ben@example.com', subject: 'We miss you, Ben', body: 'Hi Ben', code: 'B-1' };

let console: TestConsole;

beforeEach(async () => {
  console = await openTestConsole();
  await openTestThread(console.documents, 'mails', { deadlineAt: afterHours(3), payload: { drafts: [ANN, BEN] } });
  await openTestThread(console.documents, 'data', { deadlineAt: afterHours(3), payload: { price: 10 } });
});
afterEach(() => console.close());

const html = async (path: string): Promise<string> => (await console.get(path)).text();

async function thread(id: string): Promise<Thread> {
  const found = await loadThread(console.documents, id);
  if (found === undefined) throw new Error('There is no such thread.');
  return found;
}

/** Sends the form as a browser would, with these fields changed. */
async function send(id: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Response> {
  const { title, body, payloadSha256 } = await thread(id);
  return console.post(`/inbox/${id}/modify`, { title, body, seenSha256: payloadSha256, ...fields });
}

describe('changing what is decided', () => {
  test('each mail has its own fields, with its exact texts', async () => {
    const page = await html('/inbox/mails/modify');
    expect(page).toContain('<input type="text" name="subject" value="We miss you, Ann"');
    expect(page).toContain('>\nHi Ann,\n\n15 % off</textarea>');
    expect(page).not.toContain('name="payload"');
    expect(await html('/inbox/mails/modify?as=json')).toContain('name="payload"');
  });

  test('one mail is changed, the other stays exactly as it is, and the thread waits with a new hash', async () => {
    const before = await thread('mails');
    const texts = ['Hi Ann,\r\n\r\n15 % off', 'Dear Ben'];
    const answer = await send('mails', { subject: [ANN.subject, 'Hello, Ben'], text: texts });
    expect(answer.headers.get('location')).toBe('/inbox/mails?notice=modified');
    const after = await thread('mails');
    expect(after.payload).toEqual({ drafts: [ANN, { ...BEN, subject: 'Hello, Ben', body: 'Dear Ben' }] });
    expect(after.state).toBe('awaiting_approval');
    expect(after.payloadSha256).not.toBe(before.payloadSha256);
  });

  test('the thread shows what differs from the original', async () => {
    await send('mails', { subject: [ANN.subject, BEN.subject], text: [ANN.body, 'Dear Ben'] });
    const page = await html('/inbox/mails');
    expect(page).toContain('<span class="removed">− Hi Ben</span><span class="added">+ Dear Ben</span>');
    expect(page).not.toContain('<span class="removed">− Hi Ann');
  });

  test('a mail is left out, but not all of them', async () => {
    const fields = { subject: [ANN.subject, BEN.subject], text: [ANN.body, BEN.body] };
    const refused = await send('mails', { ...fields, without: ['0', '1'] });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Every mail is excluded; reject the campaign instead.');
    await send('mails', { ...fields, without: '0' });
    expect((await thread('mails')).payload).toEqual({ drafts: [BEN] });
  });

  test('a form that changes nothing leaves no revision', async () => {
    await send('mails', { subject: [ANN.subject, BEN.subject], text: [ANN.body, BEN.body] });
    expect((await thread('mails')).revisions).toEqual([]);
  });

  test('text that is no JSON is refused in place, and what was written is kept', async () => {
    const answer = await send('data', { payload: '{"price": 12,}<b>' });
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('The data is not JSON:');
    expect(page).toContain('{&quot;price&quot;: 12,}&lt;b&gt;');
    expect((await thread('data')).payload).toEqual({ price: 10 });
  });

  test('data as JSON is saved, and data nested without end is refused', async () => {
    await send('data', { payload: '{"price": 12}' });
    expect((await thread('data')).payload).toEqual({ price: 12 });
    const answer = await send('data', { payload: '['.repeat(60_000) + ']'.repeat(60_000) });
    expect(await answer.text()).toContain('nested deeper than 50 levels');
  });

  test('a text that is no JSON is refused at once, however its quotation marks stand', async () => {
    const beganMs = performance.now();
    const answer = await send('data', { payload: `"${'\\"'.repeat(100_000)}` });
    expect(await answer.text()).toContain('The data is not JSON');
    expect(performance.now() - beganMs).toBeLessThan(3_000);
  });

  test('a campaign of very many mails is written as data, and no form brings more fields than it was given', async () => {
    const drafts = Array.from({ length: 5_000 }, () => ({ to: 'a@b.c', subject: 's', body: 'b' }));
    await openTestThread(console.documents, 'many', { deadlineAt: afterHours(3), payload: { drafts } });
    expect(await html('/inbox/many/modify')).toContain('name="payload"');
    const many = Array.from({ length: 5_000 }, () => 'x');
    const answer = await send('mails', { subject: many, text: many });
    expect(answer.status).toBe(400);
    expect((await answer.text()).length).toBeLessThan(20_000);
  });

  test('a thread that somebody else changed meanwhile is not overwritten', async () => {
    const { payloadSha256 } = await thread('data');
    await send('data', { payload: '{"price": 12}' });
    const answer = await send('data', { seenSha256: payloadSha256, payload: '{"price": 1}' });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toMatch(/It is not what you saw\..*ada@example\.com changed it/);
    expect((await thread('data')).payload).toEqual({ price: 12 });
  });

  test('is not open to an operator, nor once the deadline has passed', async () => {
    console.become({ ...TEST_PERSON, role: 'operator' });
    expect((await console.get('/inbox/data/modify')).status).toBe(403);
    console.become(TEST_PERSON);
    console.clock.advance(4 * 3_600_000);
    expect((await console.get('/inbox/data/modify')).headers.get('location')).toBe('/inbox/data');
    expect((await send('data', { payload: '{}' })).status).toBe(409);
  });
});
