import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mailjetMailer } from '#adapters/mailjet/mailer.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Ports } from '#ports/ports.ts';
import { startMailjetServer, type MailjetServer } from '#testing/servers/mailjet-server.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import type { MessageReceipt, Message } from '../channel.ts';
import { email } from './email.ts';

const PATH = 'playbook_notifications/ops_daily_health_check_20261120T1400Z_report_email';
const A = 'martez@bakedbot.ai';
const B = 'rishabh@bakedbot.ai';

let server: MailjetServer;
let documents: Documents;
beforeEach(async () => {
  server = await startMailjetServer();
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(async () => {
  await documents.close();
  await server.close();
});

function world({
  credentials = true,
  secrets = [],
}: { credentials?: boolean; secrets?: readonly string[] } = {}): Ports {
  const sender = { email: 'playbooks@bakedbot.ai', name: 'Operations' };
  const mailer = mailjetMailer({ apiKey: 'key', apiSecret: 'secret', baseUrl: server.url, sender, timeoutMs: 2_000 });
  return { ...stepPorts({ documents, secrets }), mailer: async () => (credentials ? mailer : undefined) };
}

function deliver(
  over: Partial<Message> = {},
  context: Partial<StepContext> = {},
  ports = world(),
): Promise<readonly MessageReceipt[]> {
  const message: Message = { to: [A, B], priority: 'normal', subject: 'Daily report', body: 'All **good**.', ...over };
  return email.deliver(message, [], stepContext(context), ports);
}

async function kept(): Promise<unknown> {
  return (await documents.get(PATH))?.data;
}

describe('a mail', () => {
  test('goes to each recipient separately, and leaves one document', async () => {
    const deliveries = await deliver();
    expect(server.mails.map(({ to }) => to)).toEqual([A, B]);
    expect(deliveries).toEqual(
      server.mails.map(({ to, id }) => ({ channel: 'email', to, status: 'sent', messageId: id })),
    );
    expect(await kept()).toEqual({
      format: 1,
      executionId: 'ops_daily_health_check_20261120T1400Z',
      playbookId: 'ops_daily_health_check',
      stepPath: 'report',
      channel: 'email',
      priority: 'normal',
      subject: 'Daily report',
      body: 'All **good**.',
      deliveries,
      status: 'sent',
      createdAt: new Date('2026-11-20T14:00:00.000Z'),
      expireAt: new Date('2027-02-18T14:00:00.000Z'),
    });
  });

  test('is HTML and text, and says which playbook and execution sent it', async () => {
    await deliver({ priority: 'high' });
    const { html = '', text = '' } = server.mails[0] ?? {};
    expect(html).toContain('<strong>good</strong>');
    expect(html).toContain('High priority');
    expect(html).toContain('Daily System Health Check, execution ops_daily_health_check_20261120T1400Z');
    expect(text).toMatch(/^\[High priority\] Daily report\n\nAll good\.\n\n-- \nSent by the playbook Daily System/);
  });

  test('keeps a date in its heading on one line', async () => {
    await deliver({ subject: 'All OK, 2026-11-20', to: [A] });
    expect(server.mails[0]?.html).toContain('All OK, <span style="white-space:nowrap">2026-11-20</span></div>');
  });

  test('contains no address, no secret and no second header where others may see it', async () => {
    await deliver(
      { subject: 'Key hunter2-secret\r\nBcc: all@evil.example', body: 'The key is hunter2-secret.' },
      {},
      world({ secrets: ['hunter2-secret'] }),
    );
    const [mail] = server.mails;
    expect(mail?.subject).toBe('Key [redacted] Bcc: all@evil.example');
    expect(JSON.stringify([server.mails, await kept()])).not.toContain('hunter2');
    expect(mail?.customId).toMatch(/^ops_daily_health_check_20261120T1400Z\/report\/[0-9a-f]{16}$/);
  });

  test.each([
    ['10,000 letters', 'x'.repeat(10_000), 200],
    // 255 code units fit 23 families of 11, or 63 flags of 4, and the ellipsis.
    ['emoji', '👨‍👩‍👧‍👦'.repeat(300), 24],
    ['flags', '🇳🇱'.repeat(90), 64],
  ])(
    'with a subject of %s is cut between characters, far below the maximum line length of a mail',
    async (_name, subject, length) => {
      await deliver({ subject, to: [A] });
      const sent = server.mails[0]?.subject ?? '';
      expect([...new Intl.Segmenter().segment(sent)]).toHaveLength(length);
      expect(sent.length).toBeLessThanOrEqual(255);
    },
  );

  test('keeps zero-width and right-to-left text in its body as text', async () => {
    await deliver({ body: 'שלום \u200b 👩🏽‍🚀 <b>', to: [A] });
    expect(server.mails[0]?.html).toContain('שלום \u200b 👩🏽‍🚀 &lt;b&gt;');
  });

  test('without credentials is caught, with the document as evidence', async () => {
    const deliveries = await deliver({ to: [A] }, {}, world({ credentials: false }));
    expect(deliveries).toEqual([{ channel: 'email', to: A, status: 'caught', messageId: PATH }]);
    expect(await kept()).toMatchObject({ status: 'caught', subject: 'Daily report' });
  });
});

describe('recipients', () => {
  test('receive one mail, however often they are named', async () => {
    await deliver({ to: [A, ` ${A.toUpperCase()} `, A] });
    expect(server.mails).toHaveLength(1);
  });

  test('outside the allow-list receive nothing, and the others do', async () => {
    const deliveries = await deliver({ to: [A, 'ceo@rival.example', 'x@evil.bakedbot.ai'] });
    expect(server.mails.map(({ to }) => to)).toEqual([A]);
    expect(deliveries.map(({ status }) => status)).toEqual(['sent', 'failed', 'failed']);
    expect(deliveries[1]).toMatchObject({
      retryable: false,
      reason: expect.stringContaining('is not an allowed recipient'),
    });
    expect(await kept()).toMatchObject({ status: 'partial' });
  });

  test.each([
    'nonsense',
    '@bakedbot.ai',
    'a@b@bakedbot.ai',
    'a@bakedbot.ai\r\nBcc: x@evil.example',
    'a b@bakedbot.ai',
    '"a"@bakedbot.ai',
    'a@bakedbot.ai,b@evil.example',
  ])('with the invalid address %j receive nothing', async (address) => {
    expect(await deliver({ to: [address] })).toMatchObject([{ status: 'failed', retryable: false }]);
    expect(server.calls).toEqual([]);
  });

  test('are at least 1 and at most 50', async () => {
    const many = Array.from({ length: 51 }, (_, index) => `p${index}@bakedbot.ai`);
    await expect(deliver({ to: many })).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(deliver({ to: [] })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('a later attempt', () => {
  test('sends again only to those with a temporary failure', async () => {
    server.refusedAddresses.set(B, 503);
    expect(await deliver()).toMatchObject([{ status: 'sent' }, { status: 'failed', retryable: true }]);
    expect(await kept()).toMatchObject({ status: 'partial' });

    server.refusedAddresses.clear();
    expect(await deliver({}, { attempt: 2 })).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
    expect(server.mails.map(({ to }) => to)).toEqual([A, B]);
    expect(await kept()).toMatchObject({ status: 'sent' });
  });

  test('finds the mails whose answer was lost, and sends none twice', async () => {
    server.faults.push({ kind: 'hang_after_accept' });
    await expect(deliver()).rejects.toMatchObject({ code: 'timeout' });
    expect(await kept()).toMatchObject({ status: 'failed', deliveries: [{ ambiguous: true }, { ambiguous: true }] });

    const deliveries = await deliver({}, { attempt: 2 });
    expect(server.mails).toHaveLength(2);
    expect(deliveries).toMatchObject(server.mails.map(({ id }) => ({ status: 'sent', messageId: id })));
  });

  test('finds the mails of an attempt that vanished before it could record anything', async () => {
    await deliver();
    await documents.commit([{ kind: 'delete', path: PATH }]);
    await deliver({}, { attempt: 2 });
    expect(server.mails).toHaveLength(2);
  });

  test('does not search for mails that Mailjet did not accept', async () => {
    server.faults.push({ kind: 'status', status: 429, message: 'Slow down', retryAfter: '9' });
    await expect(deliver()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 9000 });
    await deliver({}, { attempt: 2 });
    expect(server.calls).toEqual(['POST /v3.1/send', 'POST /v3.1/send']);
  });

  test('keeps the time of the first attempt', async () => {
    server.faults.push({ kind: 'status', status: 500, message: 'Internal' });
    await expect(deliver()).rejects.toMatchObject({ code: 'unavailable' });
    const clock = stepContext().clock;
    await clock.sleep(60_000);
    await deliver({}, { attempt: 2, clock });
    expect(await kept()).toMatchObject({ status: 'sent', createdAt: new Date('2026-11-20T14:00:00.000Z') });
  });

  test('after everything arrived sends nothing', async () => {
    await deliver();
    await deliver({}, { attempt: 2 });
    expect(server.calls).toHaveLength(1);
  });
});

test.each([
  [401, 'unauthenticated', false],
  [403, 'unauthenticated', false],
  [500, 'unavailable', true],
])('Mailjet answering %i fails the channel with %s, and the document says so', async (status, code, retryable) => {
  server.faults.push({ kind: 'status', status, message: 'No' });
  await expect(deliver({ to: [A] })).rejects.toMatchObject({ code });
  expect(await kept()).toMatchObject({ status: 'failed', deliveries: [{ to: A, status: 'failed', retryable }] });
});
