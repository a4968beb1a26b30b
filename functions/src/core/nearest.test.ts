import { expect, test } from 'vitest';
import { nearest, suggestionFor } from './nearest.ts';

test.each([
  ['tool_cal', 'tool_call'],
  ['chanels', 'channels'],
  ['sycnthesize', 'synthesize'],
  ['Email', 'email'],
  ['emial', 'email'],
])('%s means %s', (word, meant) => {
  expect(nearest(word, ['tool_call', 'channels', 'synthesize', 'email', 'notify'])).toBe(meant);
});

test('nothing is suggested for a word that is like none', () => {
  expect(nearest('slack', ['email', 'dashboard'])).toBeUndefined();
  expect(suggestionFor('slack', ['email', 'dashboard'])).toBe("There are 'email', 'dashboard'.");
  expect(suggestionFor('slack', ['email'])).toBe("There is 'email'.");
  expect(suggestionFor('slack', [])).toBeUndefined();
});
