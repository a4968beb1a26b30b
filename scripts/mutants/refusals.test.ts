import { expect, test } from 'vitest';
import { messagesIn } from './refusals.ts';

const report = (...diagnostics: readonly object[]): string => JSON.stringify({ diagnostics, number_of_files: 1 });

test('The first complaint about each file is what refuses it', () => {
  const messages = messagesIn(
    report(
      { filename: 'a.ts', code: 'typescript(TS2322)', message: 'Not assignable.', severity: 'error' },
      { filename: 'a.ts', code: 'typescript(TS2345)', message: 'Another.' },
      { filename: 'b.ts', code: 'typescript(no-floating-promises)', message: 'Must be awaited.' },
    ),
  );

  expect(messages.get('a.ts')).toBe('typescript(TS2322): Not assignable.');
  expect(messages.get('b.ts')).toBe('typescript(no-floating-promises): Must be awaited.');
});

test.each([
  ['eslint(no-unused-vars)', 'x is never used.'],
  ['typescript(TS6133)', 'y is never read.'],
  ['unicorn(prefer-spread)', 'Use spread.'],
])('A bug is not refused for what its author would tidy up: %s', (code, message) => {
  expect(messagesIn(report({ filename: 'a.ts', code, message })).size).toBe(0);
});
