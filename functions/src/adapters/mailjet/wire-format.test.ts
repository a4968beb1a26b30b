import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Mail, MailResult } from '#ports/messengers.ts';
import { jsonReply, startLocalServer, type LocalReply, type LocalServer } from '#testing/servers/local-server.ts';
import { batchesOf, REQUEST_LIMITS } from './batches.ts';
import { mailjetMailer } from './mailer.ts';

const never = new AbortController().signal;
const MAIL: Mail = { to: 'a@x.example', subject: 'Hëllo', html: '<p>Hello</p>', text: 'Hello', key: 'e1/tell/a' };
const SENT = { Status: 'success', To: [{ MessageID: 7 }] };

/** What Mailjet answers next; a test sets it, whatever was asked. */
let reply: LocalReply;
let server: LocalServer;
beforeEach(async () => {
  reply = jsonReply(200, { Messages: [SENT] });
  server = await startLocalServer(() => reply);
});
afterEach(() => server.close());

function mailer() {
  const sender = { email: 'ops@shop.example', name: 'Playbooks' };
  return mailjetMailer({ apiKey: 'key', apiSecret: 'secret', baseUrl: server.url, sender, timeoutMs: 2_000 });
}

function sent(): readonly unknown[] {
  return server.heard.map(({ method, url, headers, body }) => {
    const { authorization, 'content-type': contentType, accept, connection, host, ...others } = headers;
    const { 'user-agent': agent = '', 'content-length': length, ...unlisted } = others;
    const kept = { method, url: url.pathname + url.search, authorization, contentType, agent: agent.split('/')[0] };
    const ofFetch = [accept, connection, host, length].length;
    return { ...kept, unlisted: Object.keys(unlisted).toSorted(), ofFetch, body: body === '' ? '' : JSON.parse(body) };
  });
}

const ALWAYS = {
  authorization: `Basic ${Buffer.from('key:secret').toString('base64')}`,
  contentType: 'application/json',
  agent: 'mailjet-api-v3-nodejs',
  unlisted: ['accept-encoding', 'accept-language', 'sec-fetch-mode'],
  ofFetch: 4,
};

describe('what Mailjet receives', () => {
  test('of a mail is each field of it, no tracking, and nothing else', async () => {
    await mailer().send([MAIL], never);

    const message = {
      From: { Email: 'ops@shop.example', Name: 'Playbooks' },
      To: [{ Email: 'a@x.example' }],
      Subject: 'Hëllo',
      TextPart: 'Hello',
      HTMLPart: '<p>Hello</p>',
      CustomID: 'e1/tell/a',
      TrackOpens: 'disabled',
      TrackClicks: 'disabled',
    };
    expect(sent()).toEqual([{ ...ALWAYS, method: 'POST', url: '/v3.1/send', body: { Messages: [message] } }]);
  });

  test('of a search is the key, and nothing else', async () => {
    reply = jsonReply(200, { Data: [] });

    await mailer().find('e1/tell/a', never);

    const url = '/v3/REST/message?CustomID=e1%2Ftell%2Fa&Limit=1';
    expect(sent()).toEqual([{ ...ALWAYS, method: 'GET', url, body: '' }]);
  });

  test('after a redirect is nothing', async () => {
    const elsewhere = await startLocalServer(() => jsonReply(200, { Messages: [SENT] }));
    for (const status of [301, 302, 303, 307, 308]) {
      reply = { kind: 'reply', status, headers: { location: elsewhere.url }, body: '' };
      await expect(mailer().send([MAIL], never)).rejects.toMatchObject({ code: 'rejected' });
      await expect(mailer().find('k', never)).rejects.toMatchObject({ code: 'rejected' });
    }
    await elsewhere.close();

    expect(elsewhere.heard).toEqual([]);
  });
});

describe('a search of Mailjet', () => {
  test.each([
    ['that ignores its filter', [{ ID: 1, CustomID: 'another' }], undefined],
    [
      'that finds the key among others',
      [
        { ID: 1, CustomID: 'another' },
        { ID: 2, CustomID: 'e1/tell/a' },
      ],
      '2',
    ],
    [
      'that takes a part of the key for the key',
      [
        { ID: 1, CustomID: 'e1/tell/a.b' },
        { ID: 3, CustomID: 'e1/tell' },
      ],
      undefined,
    ],
    ['that tells capitals from small letters no more', [{ ID: 1, CustomID: 'E1/TELL/A' }], undefined],
    ['that finds nothing', [], undefined],
  ])('%s is checked for our key', async (_, Data, id) => {
    reply = jsonReply(200, { Count: Data.length, Data, Total: Data.length });

    expect(await mailer().find('e1/tell/a', never)).toBe(id);
  });
});

function refusal(...statuses: readonly number[]): object {
  const Errors = statuses.map((StatusCode) => ({ StatusCode, ErrorCode: `c${StatusCode}`, ErrorMessage: 'No.' }));
  return { Status: 'error', Errors };
}

describe('a verdict of Mailjet', () => {
  test.each<readonly [readonly number[], boolean]>([
    [[400], false],
    [[428], false],
    [[429], true],
    [[430], false],
    [[499], false],
    [[500], true],
    [[503], true],
    [[429, 500], true],
    [[400, 503], false],
    [[503, 400], false],
    [[429, 403, 500], false],
  ])('with the errors %j says whether another attempt can help', async (statuses, retryable) => {
    reply = jsonReply(400, { Messages: [refusal(...statuses)] });

    const reason = statuses.map((status) => `c${status}: No.`).join(' ');
    expect(await mailer().send([MAIL], never)).toEqual<readonly MailResult[]>([
      { status: 'failed', retryable, reason },
    ]);
  });

  test.each([0, 1, 3])('is missing or one too many if there are %i for two mails', async (count) => {
    reply = jsonReply(200, { Messages: Array.from({ length: count }, () => SENT) });

    await expect(mailer().send([MAIL, { ...MAIL, key: 'e1/tell/b' }], never)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Mailjet sent an unexpected response: a message has no result.',
    });
  });

  test.each<readonly [string, object]>([
    ['accepts nobody', { Status: 'success', To: [] }],
    ['refuses for no reason', { Status: 'error', Errors: [] }],
    ['is neither', { Status: 'queued' }],
  ])('that %s is no verdict', async (_, verdict) => {
    reply = jsonReply(200, { Messages: [verdict] });

    await expect(mailer().send([MAIL], never)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the requests that mails are divided into', () => {
  const sizes = (messages: readonly unknown[]): readonly (number | string)[] =>
    batchesOf(messages).map((batch) => (batch.kind === 'request' ? batch.messages.length : 'too large'));
  /** A message that has exactly so many bytes within a request, its comma included. */
  const ofBytes = (bytes: number): string => 'x'.repeat(bytes - 3);
  const room = REQUEST_LIMITS.bytes - 1024;

  test.each([
    [0, []],
    [1, [1]],
    [49, [49]],
    [50, [50]],
    [51, [50, 1]],
    [100, [50, 50]],
    [101, [50, 50, 1]],
  ])('%i of them make requests of %j', (count, expected) => {
    expect(sizes(Array.from({ length: count }, () => 'mail'))).toEqual(expected);
  });

  test('are full at exactly fifteen megabytes', () => {
    const half = room / 2;

    expect(sizes([ofBytes(half), ofBytes(half - 1)])).toEqual([2]);
    expect(sizes([ofBytes(half), ofBytes(half)])).toEqual([2]);
    expect(sizes([ofBytes(half), ofBytes(half + 1)])).toEqual([1, 1]);
  });

  test('have no room for a mail that is one byte too large, and keep the order around it', () => {
    expect(sizes([ofBytes(room - 1)])).toEqual([1]);
    expect(sizes([ofBytes(room)])).toEqual([1]);
    expect(sizes(['a', ofBytes(room + 1), 'b'])).toEqual([1, 'too large', 1]);
  });
});
