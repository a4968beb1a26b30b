import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { slackPoster } from '#adapters/slack/chat-poster.ts';
import { startSlackServer, type SlackServer } from '#testing/servers/slack-server.ts';
import type { Message } from '../channel.ts';
import { slackMessage, type SlackMessage } from './slack-blocks.ts';

let server: SlackServer;
beforeAll(async () => {
  server = await startSlackServer();
});
afterAll(() => server.close());

const origin = { playbookName: 'Health Check', executionId: 'health_1' };

function made(body: string, over: Partial<Message> = {}): SlackMessage {
  const message: Message = { to: [], priority: 'normal', subject: 'Subject', body, ...over };
  return slackMessage(message, origin, { allowedLinkHosts: ['app.shop.example'], mark: '' });
}

const Section = z.object({ type: z.literal('section'), text: z.object({ text: z.string() }) });

function sections(message: SlackMessage): readonly string[] {
  return message.blocks.flatMap((block) => Section.safeParse(block).data?.text.text ?? []);
}

/** The Slack server checks what it accepts. */
async function accepted(message: SlackMessage): Promise<SlackMessage> {
  await slackPoster({ webhookUrl: server.webhookUrl }).post(message, new AbortController().signal);
  return message;
}

describe('a message in blocks', () => {
  test('has a subject, a body and its origin', async () => {
    const message = await accepted(made('All **good**.', { priority: 'high' }));
    expect(message.blocks).toEqual([
      { type: 'header', text: { type: 'plain_text', text: '🔴 Subject' } },
      { type: 'section', text: { type: 'mrkdwn', text: 'All *good*.', verbatim: true } },
      { type: 'context', elements: [{ type: 'plain_text', text: 'Priority: high · Health Check · health_1' }] },
    ]);
    expect(message.text).toBe('🔴 Subject\nAll good.');
  });

  test('combines short paragraphs', () => {
    expect(sections(made('a\n\nb\n\nc'))).toEqual(['a\n\nb\n\nc']);
  });

  test('with an empty body is still a message', async () => {
    expect((await accepted(made(''))).blocks).toHaveLength(2);
  });

  test('splits a long paragraph between words without losing any', async () => {
    const body = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' ');
    const parts = sections(await accepted(made(body)));
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.join('')).toBe(body);
  });

  test('splits a long table into tables', async () => {
    const body = `| Name | Value |\n|---|---|\n${Array.from({ length: 400 }, (_, index) => `| row ${index} | ${index} |`).join('\n')}`;
    const parts = sections(await accepted(made(body)));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.every((part) => part.startsWith('```\n') && part.endsWith('\n```'))).toBe(true);
  });

  test.each([
    ['entities', '&'.repeat(9000), /&(?!amp;)/],
    ['emoji', '🔥'.repeat(4000), /\p{Surrogate}/u],
    ['links', '[here](https://app.shop.example/x)'.repeat(400), /<(?!https:\/\/app\.shop\.example\/x\|here>)/],
  ])('never cuts inside %s', async (_name, body, broken) => {
    for (const part of sections(await accepted(made(body)))) expect(part).not.toMatch(broken);
  });

  test('that does not fit says how much is omitted', async () => {
    const body = Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(2900)}`).join('\n\n');
    const message = await accepted(made(body));
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    expect(sections(message).at(-1)).toMatch(/^_\d+ more characters do not fit here/);
  });

  test('keeps a subject of emoji within the header', async () => {
    const { text } = await accepted(made('x', { subject: '👨‍👩‍👧‍👦'.repeat(200), priority: 'high' }));
    expect(text).toMatch(/^🔴 (👨‍👩‍👧‍👦)+…\nx$/u);
  });

  test('cannot mention people in its subject or fallback', async () => {
    const message = await accepted(made('<!channel>', { subject: '<!channel> now' }));
    expect(message.text).toBe('&lt;!channel&gt; now\n&lt;!channel&gt;');
  });
});
