import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Mail, Mailer } from '#ports/messengers.ts';
import { startMailjetServer, type MailjetFault, type MailjetServer } from '#testing/servers/mailjet-server.ts';
import { mailjetMailer } from './mailer.ts';

let server: MailjetServer;
beforeEach(async () => {
  server = await startMailjetServer({ senders: ['ops@shop.example'] });
});
afterEach(() => server.close());

const never = new AbortController().signal;

function mailer(over: { apiKey?: string; sender?: string; timeoutMs?: number } = {}): Mailer {
  const { apiKey = 'key', sender = 'ops@shop.example', timeoutMs = 2000 } = over;
  return mailjetMailer({
    apiKey,
    apiSecret: 'secret',
    baseUrl: server.url,
    sender: { email: sender, name: 'Playbooks' },
    timeoutMs,
  });
}

function mailTo(email: string, text = 'Hello'): Mail {
  return { to: email, subject: 'Hello', html: '<p>Hello</p>', text, key: `e1/tell/${email}` };
}

describe('mails through Mailjet', () => {
  test('each recipient has a message of its own, with our key', async () => {
    const results = await mailer().send([mailTo('a@x.example'), mailTo('b@x.example')], never);
    expect(server.mails).toMatchObject([
      { to: 'a@x.example', from: 'ops@shop.example', subject: 'Hello', customId: 'e1/tell/a@x.example' },
      { to: 'b@x.example', text: 'Hello', html: '<p>Hello</p>', customId: 'e1/tell/b@x.example' },
    ]);
    expect(results).toEqual(server.mails.map(({ id }) => ({ status: 'sent', messageId: id })));
    expect(server.calls).toEqual(['POST /v3.1/send']);
  });

  test('more than fifty go in several requests, the results in order', async () => {
    const mails = Array.from({ length: 51 }, (_, index) => mailTo(`p${index}@x.example`));
    const results = await mailer().send(mails, never);
    expect(server.calls).toHaveLength(2);
    expect(results).toHaveLength(51);
    expect(server.mails[50]?.to).toBe('p50@x.example');
  });

  test('that are too large together for one request go in several, each within fifteen megabytes', async () => {
    const mails = Array.from({ length: 50 }, (_, index) => mailTo(`p${index}@x.example`, 'ö'.repeat(225_000)));

    const results = await mailer({ timeoutMs: 8000 }).send(mails, never);

    expect(results.every(({ status }) => status === 'sent')).toBe(true);
    expect(server.calls).toHaveLength(2);
    expect(server.mails.map(({ to }) => to)).toEqual(mails.map(({ to }) => to));
  });

  test('one that no request can carry fails alone, and says how large it is', async () => {
    const mails = [mailTo('a@x.example'), mailTo('b@x.example', 'x'.repeat(15_000_000)), mailTo('c@x.example')];

    expect(await mailer().send(mails, never)).toMatchObject([
      { status: 'sent' },
      { status: 'failed', retryable: false, reason: expect.stringMatching(/^The email is 15\d{6} bytes/) },
      { status: 'sent' },
    ]);
  });

  test('a later request that fails does not lose what was sent before', async () => {
    const mails = Array.from({ length: 51 }, (_, index) => mailTo(`p${index}@x.example`));
    server.faults.push({ kind: 'none' }, { kind: 'status', status: 500, message: 'Internal' });
    const results = await mailer().send(mails, never);
    expect(results[0]).toMatchObject({ status: 'sent' });
    expect(results[50]).toMatchObject({ status: 'failed', retryable: true });
  });

  test('one bad recipient does not spoil the others', async () => {
    const results = await mailer().send([mailTo('a@x.example'), mailTo('nonsense'), mailTo('c@x.example')], never);
    expect(results).toMatchObject([
      { status: 'sent' },
      { status: 'failed', retryable: false, reason: 'mj-0013: "nonsense" is an invalid email address.' },
      { status: 'sent' },
    ]);
  });

  test('a recipient that fails for a moment may be tried again', async () => {
    server.refusedAddresses.set('a@x.example', 503);
    expect(await mailer().send([mailTo('a@x.example')], never)).toMatchObject([{ status: 'failed', retryable: true }]);
  });

  test('a sender that is not validated fails each mail for good, by name', async () => {
    const results = await mailer({ sender: 'who@else.example' }).send([mailTo('a@x.example')], never);
    expect(results).toMatchObject([
      {
        status: 'failed',
        retryable: false,
        reason: expect.stringContaining('"who@else.example" is not an authorized'),
      },
    ]);
  });
});

describe('trouble with Mailjet', () => {
  const cases: readonly (readonly [string, MailjetFault, object])[] = [
    [
      '429 with a time to wait',
      { kind: 'status', status: 429, message: 'Slow', retryAfter: '30' },
      { code: 'rate_limited', retryAfterMs: 30_000 },
    ],
    [
      '429 without one',
      { kind: 'status', status: 429, message: 'Slow' },
      { code: 'rate_limited', retryAfterMs: undefined },
    ],
    ['403', { kind: 'status', status: 403, message: 'Blocked' }, { code: 'unauthenticated' }],
    ['500', { kind: 'status', status: 500, message: 'Internal' }, { code: 'unavailable' }],
    [
      '503',
      { kind: 'status', status: 503, message: 'Down', retryAfter: '5' },
      { code: 'unavailable', retryAfterMs: 5000 },
    ],
    ['400', { kind: 'status', status: 400, message: 'Bad' }, { code: 'rejected' }],
    ['a cut connection', { kind: 'cut' }, { code: 'unavailable' }],
    ['a web page', { kind: 'garbage' }, { code: 'unavailable' }],
    ['silence', { kind: 'hang' }, { code: 'timeout' }],
  ];

  test.each(cases)('%s has its own code', async (_name, fault, expected) => {
    server.faults.push(fault);
    const timeoutMs = fault.kind === 'hang' ? 200 : 5000;
    await expect(mailer({ timeoutMs }).send([mailTo('a@x.example')], never)).rejects.toMatchObject(expected);
    expect(server.calls).toHaveLength(1);
  });

  test('a wrong key needs a person, and the message names the settings', async () => {
    await expect(mailer({ apiKey: 'wrong' }).send([mailTo('a@x.example')], never)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('Check MAILJET_API_KEY and MAILJET_API_SECRET'),
    });
  });

  test('a redirect is not followed with the mails', async () => {
    server.faults.push({ kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' });
    await expect(mailer().send([mailTo('a@x.example')], never)).rejects.toMatchObject({ code: 'rejected' });
  });

  test('a fault of our own is internal, and not told as an outage of Mailjet', async () => {
    const mailers = mailjetMailer({
      apiKey: 'key',
      apiSecret: 'secret',
      baseUrl: 'nonsense',
      sender: { email: 'ops@shop.example', name: 'Playbooks' },
    });

    await expect(mailers.send([mailTo('a@x.example')], never)).rejects.toMatchObject({
      code: 'internal',
      message: expect.not.stringMatching(/reached/),
      cause: expect.any(TypeError),
    });
  });

  test('an abort ends the wait', async () => {
    server.faults.push({ kind: 'hang' });
    const controller = new AbortController();
    const sending = mailer().send([mailTo('a@x.example')], controller.signal);
    controller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('mails whose answer was lost are found by their key', async () => {
    server.faults.push({ kind: 'hang_after_accept' });
    await expect(mailer({ timeoutMs: 100 }).send([mailTo('a@x.example')], never)).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(await mailer().find('e1/tell/a@x.example', never)).toBe(server.mails[0]?.id);
  });

  test('a key that nobody used finds nothing', async () => {
    await mailer().send([mailTo('a@x.example')], never);
    expect(await mailer().find('e1/other', never)).toBeUndefined();
  });
});
