import { describe, expect, test } from 'vitest';
import { outgoing } from './notification.ts';

const secrets = { get: async () => undefined, known: () => ['canary-secret'] };
const sent = (subject: string, body: string) =>
  outgoing({ to: ['a@b.example'], priority: 'low', subject, body }, { secrets });

describe('the body of a message', () => {
  test.each([
    ['a NUL', 'a\0b', 'ab'],
    ['NULs everywhere', '\0a\0\0b\0', 'ab'],
    ['nothing but a NUL', '\0', ''],
    ['half of an emoji', 'a\uD83D b', 'a\uFFFD b'],
    ['a secret', 'the canary-secret is', 'the [redacted] is'],
    ['lines and tabs', 'a\n\tb\r\nc', 'a\n\tb\r\nc'],
    ['nothing', '', ''],
  ])('with %s', (_, body, expected) => {
    expect(sent('S', body)).toEqual({ to: ['a@b.example'], priority: 'low', subject: 'S', body: expected });
  });
});

describe('the subject of a message', () => {
  test.each([
    ['a NUL', 'a\0b', 'a b'],
    ['line ends', 'a\r\nb\nc\u2028d', 'a b c d'],
    ['half of an emoji', 'a\uD83D', 'a\uFFFD'],
    ['a secret', 'canary-secret', '[redacted]'],
    ['nothing', '', '(no subject)'],
    ['only spaces', ' \n ', '(no subject)'],
    ['199 characters', 'x'.repeat(199), 'x'.repeat(199)],
    ['200 characters', 'x'.repeat(200), 'x'.repeat(200)],
    ['201 characters', 'x'.repeat(201), `${'x'.repeat(199)}…`],
    ['127 emoji of two code units', '🔥'.repeat(127), '🔥'.repeat(127)],
    ['128 emoji of two code units', '🔥'.repeat(128), `${'🔥'.repeat(127)}…`],
  ])('with %s', (_, subject, expected) => {
    expect(sent(subject, 'B').subject).toBe(expected);
  });
});
