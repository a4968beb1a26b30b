import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSlackServer, type SlackFault, type SlackServer } from '#testing/servers/slack-server.ts';
import { slackPoster } from './chat-poster.ts';

let server: SlackServer;
beforeEach(async () => {
  server = await startSlackServer();
});
afterEach(() => server.close());

const never = new AbortController().signal;
const message = { text: 'Hello', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Hello*' } }] };

function post(
  over: { webhookUrl?: string; blocks?: readonly object[]; timeoutMs?: number } = {},
  signal = never,
): Promise<void> {
  const poster = slackPoster({ webhookUrl: over.webhookUrl ?? server.webhookUrl, timeoutMs: over.timeoutMs ?? 5000 });
  return poster.post({ ...message, ...(over.blocks === undefined ? {} : { blocks: over.blocks }) }, signal);
}

describe('a message to Slack', () => {
  test('arrives with blocks and a fallback text', async () => {
    await post();
    expect(server.posted).toEqual([message]);
  });

  test('of more than fifty blocks is refused by Slack, for good', async () => {
    const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' }));
    await expect(post({ blocks })).rejects.toMatchObject({
      code: 'rejected',
      message: 'Slack answered 400: invalid_blocks.',
    });
  });

  test('to a webhook that was revoked needs a person, and does not name the webhook', async () => {
    const failed = post({ webhookUrl: `${server.url}/services/T1/B1/hunter2` });
    await expect(failed).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'Slack answered 404: no_service. Create a new webhook and set SLACK_WEBHOOK_URL.',
    });
  });

  test('to an invalid webhook address needs a person, and does not name it', async () => {
    await expect(post({ webhookUrl: 'hooks.slack.com/hunter2' })).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringMatching(/^SLACK_WEBHOOK_URL is not a valid address\.(?!.*hunter2)/),
    });
  });

  test('that our own code cannot word is internal, and not told as an outage of Slack', async () => {
    const circle: { self?: object } = {};
    circle.self = circle;
    await expect(post({ blocks: [circle] })).rejects.toThrow(TypeError);
  });

  const cases: readonly (readonly [string, SlackFault, object])[] = [
    [
      '429',
      { kind: 'status', status: 429, word: 'rate_limited', retryAfter: '3' },
      { code: 'rate_limited', retryAfterMs: 3000 },
    ],
    ['403', { kind: 'status', status: 403, word: 'invalid_token' }, { code: 'unauthenticated' }],
    ['410', { kind: 'status', status: 410, word: 'channel_is_archived' }, { code: 'unauthenticated' }],
    ['500', { kind: 'status', status: 500, word: 'rollup_error' }, { code: 'unavailable' }],
    ['302', { kind: 'status', status: 302, word: '' }, { code: 'rejected' }],
    ['a cut connection', { kind: 'cut' }, { code: 'unavailable' }],
    ['silence', { kind: 'hang' }, { code: 'timeout' }],
  ];
  test.each(cases)('answered with %s has its own code', async (_name, fault, expected) => {
    server.faults.push(fault);
    await expect(post(fault.kind === 'hang' ? { timeoutMs: 100 } : {})).rejects.toMatchObject(expected);
  });

  test('ends with its abort', async () => {
    server.faults.push({ kind: 'hang' });
    const controller = new AbortController();
    const posting = post({}, controller.signal);
    controller.abort();
    await expect(posting).rejects.toMatchObject({ code: 'interrupted' });
  });
});
