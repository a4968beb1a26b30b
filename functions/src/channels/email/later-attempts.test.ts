import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mailjetMailer } from '#adapters/mailjet/mailer.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { startMailjetServer, type MailjetServer } from '#testing/servers/mailjet-server.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import type { MessageReceipt } from '../channel.ts';
import { email } from './email.ts';

const PATH = 'playbook_notifications/ops_daily_health_check_20261120T1400Z_report_email';
const A = 'a@bakedbot.ai';
const B = 'b@bakedbot.ai';

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

function deliver(to: readonly string[], attempt = 1, earlier: readonly MessageReceipt[] = []) {
  const sender = { email: 'playbooks@bakedbot.ai', name: 'Operations' };
  const mailer = mailjetMailer({ apiKey: 'key', apiSecret: 'secret', baseUrl: server.url, sender, timeoutMs: 10_000 });
  const ports = { ...stepPorts({ documents }), mailer: async () => mailer };
  const message = { to, priority: 'normal', subject: 'Report', body: 'All good.' } as const;
  return email.deliver(message, earlier, stepContext({ attempt }), ports);
}

const mailed = () => server.mails.map(({ to }) => to);
const kept = async () => (await documents.get(PATH))?.data;
const failedWith = (retryable: boolean) =>
  ({ channel: 'email', status: 'failed', messageId: null, retryable, reason: 'x' }) as const;

describe('a mail may have', () => {
  const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@bakedbot.ai`);

  test.each([1, 49, 50])('%i recipients', async (count) => {
    expect(await deliver(people(count))).toHaveLength(count);
    expect(mailed()).toEqual(people(count));
  });

  test.each([0, 51, 52])('not %i recipients, and then nobody gets it', async (count) => {
    await expect(deliver(people(count))).rejects.toMatchObject({ code: 'input_invalid' });
    expect(server.calls).toEqual([]);
  });

  test('50 recipients who are named twice', async () => {
    expect(await deliver([...people(50), ...people(50)])).toHaveLength(50);
  });
});

describe('a mail that Mailjet answers with', () => {
  test.each([
    ['yes to both', 200, 200, ['sent', 'sent'], 'sent'],
    ['yes and not now', 200, 503, ['sent', 'failed'], 'partial'],
    ['yes and never', 200, 400, ['sent', 'failed'], 'partial'],
    ['not now and never', 503, 400, ['failed', 'failed'], 'failed'],
    ['never to both', 400, 400, ['failed', 'failed'], 'failed'],
  ])('%s says so for each recipient, and is kept', async (_, a, b, statuses, status) => {
    if (a !== 200) server.refusedAddresses.set(A, a);
    if (b !== 200) server.refusedAddresses.set(B, b);

    const receipts = await deliver([A, B]);

    expect(receipts.map((receipt) => receipt.status)).toEqual(statuses);
    expect(receipts.flatMap((receipt) => (receipt.status === 'failed' ? [receipt.retryable] : []))).toEqual(
      [a, b].flatMap((answer) => (answer === 200 ? [] : [answer === 503])),
    );
    expect(await kept()).toMatchObject({ status });
  });
});

describe('when sending fails as a whole', () => {
  test('it throws where nobody has the mail', async () => {
    server.faults.push({ kind: 'status', status: 500, message: 'Internal' });

    await expect(deliver([A, B])).rejects.toMatchObject({ code: 'unavailable' });
    expect(await kept()).toMatchObject({ status: 'failed' });
  });

  test('it does not throw where somebody was found to have it already', async () => {
    await deliver([A]);
    await documents.commit([{ kind: 'delete', path: PATH }]);
    server.faults.push({ kind: 'none' }, { kind: 'none' }, { kind: 'status', status: 500, message: 'Internal' });

    const receipts = await deliver([A, B], 2);

    expect(receipts).toMatchObject([{ status: 'sent' }, { status: 'failed', retryable: true }]);
    expect(mailed()).toEqual([A]);
    expect(await kept()).toMatchObject({ status: 'partial' });
  });

  test('it does not throw where an earlier attempt has reached somebody', async () => {
    server.refusedAddresses.set(B, 503);
    await deliver([A, B]);
    server.faults.push({ kind: 'status', status: 500, message: 'Internal' });

    expect(await deliver([A, B], 2)).toMatchObject([{ status: 'sent' }, { status: 'failed', retryable: true }]);
  });
});

describe('a later attempt', () => {
  test.each([
    ['that was refused for good is left alone', 400, [A]],
    ['that was refused for now gets it', 503, [A, B]],
  ])('of a recipient %s', async (_, status, reached) => {
    server.refusedAddresses.set(B, status);
    await deliver([A, B]);
    server.refusedAddresses.clear();

    const receipts = await deliver([A, B], 2);

    expect(mailed()).toEqual(reached);
    expect(receipts.map((receipt) => receipt.status)).toEqual(['sent', reached.includes(B) ? 'sent' : 'failed']);
    expect(await deliver([A, B], 3)).toEqual(receipts);
    expect(mailed()).toEqual(reached);
  });

  test.each<[string, MessageReceipt, readonly string[]]>([
    ['sent', { channel: 'email', to: A, status: 'sent', messageId: '1' }, [B]],
    ['caught', { channel: 'email', to: A, status: 'caught', messageId: '1' }, [B]],
    ['failed for good', { ...failedWith(false), to: A }, [B]],
    ['failed for now', { ...failedWith(true), to: A }, [A, B]],
  ])(
    'whose step says that one was %s sends to the others, and again only what failed for now',
    async (_, earlier, reached) => {
      const receipts = await deliver([A, B], 2, [earlier]);

      expect(mailed()).toEqual(reached);
      expect(receipts.map(({ to }) => to)).toEqual([A, B]);
      expect(receipts[0]).toMatchObject(reached.includes(A) ? { status: 'sent' } : earlier);
    },
  );
});
