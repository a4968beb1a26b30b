import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = '{functions/src,console,scripts,demo,bench,chaos,playbooks,docs}/**/*.{ts,tsx,css,md,yaml}';
/** These name the wordings, so that nobody uses them. */
const NAMING = ['CONTRIBUTING.md', 'scripts/architecture/words.test.ts'];

/** A wording that reads as translated, and what a native writer says instead. */
const WORDINGS: readonly (readonly [wording: RegExp, instead: string])[] = [
  [/\bputs? (it |them |this |what \w+ |\w+ \w+ )?down\b/i, 'record'],
  [/\bwhoever\b/i, 'anyone who, users who, or name the reader'],
  [/\bby hand\b/i, 'manual, manually'],
  [/\b(an?|the) \w+ that there is not\b/i, 'unknown'],
  [/\bis no (mail )?address\b/i, 'is not a valid address'],
  [/\bhalf took at most\b/i, 'median'],
  [/\bwhat became of (it|them|a|the)\b/i, 'the outcome of, delivery, result'],
  [/\bto the letter\b/i, 'exactly'],
  [/\bof its own accord\b/i, 'by itself'],
];

const files = [
  ...globSync(SOURCES, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] }),
  ...globSync('*.md', { cwd: ROOT }),
]
  .filter((file) => !NAMING.includes(file))
  .toSorted();

test.each(WORDINGS)('no sentence says %s (say instead: %s)', (wording) => {
  const found = files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (wording.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );

  expect(found).toEqual([]);
});
