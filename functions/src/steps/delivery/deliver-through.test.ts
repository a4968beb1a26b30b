import { expect, test } from 'vitest';
import type { Channel, MessageReceipt } from '#channels/channel.ts';
import { PlaybookError } from '#core/failure.ts';
import { aChannel } from '#testing/builders/a-channel.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { deliverThrough } from './deliver-through.ts';

const message = { to: ['a@bakedbot.ai', 'b@bakedbot.ai'], priority: 'high', subject: 'S', body: 'B' } as const;

function channel(name: string, deliver: Channel['deliver']): Channel {
  return aChannel(name, deliver, { addressed: name === 'email' });
}

const sent = (name: string): MessageReceipt[] => [{ channel: name, to: name, status: 'sent', messageId: 'm1' }];
const works = (name: string) => channel(name, async () => sent(name));
const fails = (name: string, error: unknown) => channel(name, () => Promise.reject(error));
const refuses = (name: string, retryable: boolean) =>
  channel(name, async () => [
    { channel: name, to: 'x', status: 'failed', messageId: null, retryable, reason: 'It said no.' },
  ]);
const through = (...channels: Channel[]) => deliverThrough(channels, message, stepContext(), stepPorts());

test('every delivery of every channel is returned', async () => {
  expect(await through(works('email'), works('slack'))).toEqual([...sent('email'), ...sent('slack')]);
});

test('one channel that is down does not keep the others from delivering', async () => {
  await expect(
    through(fails('slack', new PlaybookError('unavailable', 'Down.')), works('email')),
  ).rejects.toMatchObject({
    code: 'unavailable',
    message: '1 of 2 messages were not delivered. slack to slack: Down.',
    details: { deliveries: [{ channel: 'slack', status: 'failed', retryable: true }, sent('email')[0]] },
  });
});

test('a channel that cannot send at all has failed for each of its recipients', async () => {
  await expect(through(fails('email', new PlaybookError('unauthenticated', 'Bad key.')))).rejects.toMatchObject({
    code: 'unauthenticated',
    details: { deliveries: [{ to: 'a@bakedbot.ai' }, { to: 'b@bakedbot.ai' }] },
  });
});

test('a reason is given once, with the first of the affected recipients', async () => {
  const everybody = channel('email', async () =>
    Array.from({ length: 50 }, (_, index) => ({
      channel: 'email',
      to: `p${index}@b.ai`,
      status: 'failed' as const,
      messageId: null,
      retryable: true,
      reason: index === 7 ? 'The address is blocked.' : 'Mailjet could not be reached.',
    })),
  );
  await expect(through(everybody, refuses('slack', true))).rejects.toMatchObject({
    message:
      '51 of 51 messages were not delivered. email to p0@b.ai, p1@b.ai, p2@b.ai and 46 others: Mailjet could not be reached.; email to p7@b.ai: The address is blocked.; slack to x: It said no.',
    details: { deliveries: expect.toSatisfy((deliveries: unknown[]) => deliveries.length === 51) },
  });
});

test('of many reasons the first five are given', async () => {
  const refusal = (to: string) =>
    ({
      channel: 'email',
      to,
      status: 'failed',
      messageId: null,
      retryable: false,
      reason: `${to} is not an address.`,
    }) as const;
  const all = channel('email', async () => Array.from({ length: 9 }, (_, index) => refusal(`p${index}`)));
  await expect(through(all)).rejects.toThrow(/p4 is not an address\.; 4 other reasons: see the deliveries$/);
});

test('the longest wait that a channel requests is kept', async () => {
  const slow = (retryAfterMs: number) => new PlaybookError('rate_limited', 'Slow down.', { retryAfterMs });
  await expect(through(fails('slack', slow(2_000)), fails('email', slow(9_000)))).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: 9_000,
  });
});

test.each([
  [true, 'unavailable'],
  [false, 'rejected'],
])('a recipient that was not reached (retryable: %s) makes the step fail: %s', async (retryable, code) => {
  await expect(through(works('slack'), refuses('email', retryable))).rejects.toMatchObject({ code });
});

test('a temporary failure outweighs a permanent one, so that another attempt is made', async () => {
  await expect(through(refuses('email', false), refuses('slack', true))).rejects.toMatchObject({ code: 'unavailable' });
});

test('a bug in a channel and a lost lease are not treated as failed deliveries', async () => {
  await expect(through(fails('slack', new TypeError('x is undefined')))).rejects.toThrow(TypeError);
  await expect(through(fails('slack', new PlaybookError('lease_lost', 'Gone.')))).rejects.toMatchObject({
    code: 'lease_lost',
  });
});

test('a message for only one person goes to that address, once, whatever recipients it names', async () => {
  const asked: (readonly string[])[] = [];
  const listening = channel('email', async ({ to }) => (asked.push(to), sent('email')));
  await deliverThrough([listening], message, stepContext({ onlyTo: 'ann@bakedbot.ai' }), stepPorts());
  expect(asked).toEqual([['ann@bakedbot.ai']]);
});
