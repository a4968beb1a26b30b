import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slackPoster } from '#adapters/slack/chat-poster.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Ports } from '#ports/ports.ts';
import { startSlackServer, type SlackServer } from '#testing/servers/slack-server.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { type MessageReceipt, channelNamed } from '../channel.ts';
import { channels } from '../index.ts';

const BASE = 'playbook_notifications/ops_daily_health_check_20261120T1400Z_report';

let server: SlackServer;
let documents: Documents;
beforeEach(async () => {
  server = await startSlackServer();
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(async () => {
  await documents.close();
  await server.close();
});

function world(credentials = true): Ports {
  const chat = slackPoster({ webhookUrl: server.webhookUrl, timeoutMs: 2_000 });
  return { ...stepPorts({ documents }), chat: async () => (credentials ? chat : undefined) };
}

function deliver(
  channel: string,
  context: Partial<StepContext> = {},
  ports = world(),
): Promise<readonly MessageReceipt[]> {
  const message = { to: [], priority: 'normal' as const, subject: 'Offline', body: 'Gmail is **down**.' };
  return channelNamed(channels, channel).deliver(message, [], stepContext(context), ports);
}

async function kept(channel: string): Promise<unknown> {
  return (await documents.get(`${BASE}_${channel}`))?.data;
}

function subjects(): readonly string[] {
  return server.posted.map(({ text }) => text.split('\n')[0] ?? '');
}

describe('a message to Slack', () => {
  test('is posted once and leaves a document', async () => {
    const delivery = { channel: 'slack', to: 'slack', status: 'sent', messageId: `${BASE}_slack` };
    expect(await deliver('slack')).toEqual([delivery]);
    expect(subjects()).toEqual(['Offline']);
    expect(await kept('slack')).toMatchObject({ status: 'sent', body: 'Gmail is **down**.', deliveries: [delivery] });
  });

  test('without a webhook is caught', async () => {
    expect(await deliver('slack', {}, world(false))).toMatchObject([{ status: 'caught', messageId: `${BASE}_slack` }]);
    expect(await kept('slack')).toMatchObject({ status: 'caught' });
  });

  test('that was posted is not posted again by a later attempt', async () => {
    await deliver('slack');
    await deliver('slack', { attempt: 2 });
    expect(subjects()).toEqual(['Offline']);
  });

  test('whose answer was lost is posted again, and marked', async () => {
    server.faults.push({ kind: 'hang_after_post' });
    await expect(deliver('slack')).rejects.toMatchObject({ code: 'timeout' });
    await deliver('slack', { attempt: 2 });
    expect(subjects()).toEqual(['Offline', 'Offline (resend)']);
  });

  test('of an attempt that vanished is posted again, and marked', async () => {
    await deliver('slack', { attempt: 2 });
    expect(subjects()).toEqual(['Offline (resend)']);
  });

  test('that Slack did not accept is posted again without a mark, after the requested delay', async () => {
    server.faults.push({ kind: 'status', status: 429, word: 'rate_limited', retryAfter: '2' });
    await expect(deliver('slack')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 2000 });
    expect(await kept('slack')).toMatchObject({
      status: 'failed',
      deliveries: [{ retryable: true, ambiguous: false }],
    });
    await deliver('slack', { attempt: 2 });
    expect(subjects()).toEqual(['Offline']);
  });

  test('to a revoked webhook fails permanently, and the document says why', async () => {
    server.faults.push({ kind: 'status', status: 404, word: 'no_service' });
    await expect(deliver('slack')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await kept('slack')).toMatchObject({
      status: 'failed',
      deliveries: [{ retryable: false, reason: expect.stringContaining('no_service') }],
    });
  });
});

describe('the document of a message', () => {
  test('does not repeat the webhook when an answer does', async () => {
    server.faults.push({ kind: 'status', status: 403, word: `denied: ${new URL(server.webhookUrl).pathname}` });
    const ports = { ...world(), secrets: { get: async () => undefined, known: () => [server.webhookUrl] } };
    await expect(deliver('slack', {}, ports)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await kept('slack')).toMatchObject({ deliveries: [{ reason: expect.stringContaining('[redacted]') }] });
    expect(JSON.stringify(await kept('slack'))).not.toContain('/services/');
  });
});

describe('a message on the dashboard', () => {
  test('is its document', async () => {
    expect(await deliver('dashboard')).toEqual([
      { channel: 'dashboard', to: 'dashboard', status: 'sent', messageId: `${BASE}_dashboard` },
    ]);
    expect(await kept('dashboard')).toMatchObject({ status: 'sent', subject: 'Offline', channel: 'dashboard' });
  });

  test('of a nested step has a path that a database accepts', async () => {
    await deliver('dashboard', { stepPath: 'check/then/alert' });
    const path = 'playbook_notifications/ops_daily_health_check_20261120T1400Z_check.then.alert_dashboard';
    expect((await documents.get(path))?.data).toMatchObject({ stepPath: 'check/then/alert' });
  });
});

describe('a database that is out of reach', () => {
  test('fails the attempt, which can be repeated', async () => {
    const closed = sqliteDocuments({ file: ':memory:' });
    await closed.close();
    await expect(deliver('slack', {}, { ...world(), documents: closed })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
