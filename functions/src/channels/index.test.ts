import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Mail } from '#ports/messengers.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { channelNamed } from './channel.ts';
import { channels } from './index.ts';

describe('the list of channels', () => {
  test('contains each name once', () => {
    expect(new Set(channels.map(({ name }) => name)).size).toBe(channels.length);
  });

  test.each(channels.map(({ name, summary }) => [name, summary]))('says what %s does in a sentence', (_, summary) => {
    expect(summary).toMatch(/^[A-Z].+\.$/);
  });

  test('contains one that stays inside, for alerts that nothing else could deliver', () => {
    expect(channels.some(({ reach }) => reach === 'inside')).toBe(true);
  });

  test('suggests a similar name', () => {
    expect(() => channelNamed(channels, 'slak')).toThrow("Unknown channel 'slak'. Did you mean 'slack'?");
  });
});

describe('a message for only one person', () => {
  test.each(channels.map((channel) => [channel.name, channel]))(
    'is not readable by others through %s',
    async (_, channel) => {
      const mails: Mail[] = [];
      const ports = {
        ...stepPorts({ documents: sqliteDocuments({ file: ':memory:' }) }),
        mailer: async () => ({
          find: async () => undefined,
          send: async (sent: readonly Mail[]) => (mails.push(...sent), []),
        }),
        chat: () => Promise.reject(new Error('Others can read posts.')),
      };
      const message = { to: ['ann@bakedbot.ai'], priority: 'normal', subject: 'S', body: 'B' } as const;

      await channel.deliver(message, [], stepContext({ onlyTo: 'ann@bakedbot.ai' }), ports);

      expect(mails.filter(({ to }) => to !== 'ann@bakedbot.ai')).toEqual([]);
    },
  );
});
