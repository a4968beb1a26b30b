import { describe, expect, test } from 'vitest';
import { channelNamed, channels } from './index.ts';

describe('the list of channels', () => {
  test('has each name once', () => {
    expect(channels.map(({ name }) => name)).toEqual(['email', 'slack', 'dashboard']);
  });

  test.each(channels.map(({ name, summary }) => [name, summary]))('says what %s does in a sentence', (_, summary) => {
    expect(summary).toMatch(/^[A-Z].+\.$/);
  });

  test('says what was probably meant', () => {
    expect(() => channelNamed('slak')).toThrow("There is no channel 'slak'. Did you mean 'slack'?");
  });
});
