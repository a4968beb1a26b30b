import { expect, test } from 'vitest';
import type { Mutant } from './rules/mutants-of.ts';
import type { Kind } from './rules/mutation.ts';
import { sample } from './sample.ts';

const aMutant = (file: string, kind: Kind, line: number): Mutant => ({
  file,
  kind,
  line,
  start: line,
  end: line,
  replacement: '',
  code: `line ${line}`,
  becomes: '',
});

const ENGINE = Array.from({ length: 50 }, (_, line) => aMutant('functions/src/engine/a.ts', 'text', line));
const RARE = [1, 2].map((line) => aMutant('functions/src/engine/a.ts', 'guard', 100 + line));
const TOOLS = Array.from({ length: 5 }, (_, line) => aMutant('functions/src/tools/b.ts', 'text', line));
const ALL = [...ENGINE, ...RARE, ...TOOLS];

test('A sample is the same for the same seed, and another for another', () => {
  expect(sample(ALL, 1, 10)).toEqual(sample(ALL.toReversed(), 1, 10));
  expect(sample(ALL, 1, 10)).not.toEqual(sample(ALL, 2, 10));
});

test('A sample stays the same when bugs appear elsewhere', () => {
  const more = [...ALL, aMutant('console/src/c.ts', 'text', 1)];

  expect(sample(more, 1, 9).filter(({ file }) => !file.startsWith('console'))).toEqual(sample(ALL, 1, 8));
});

test('A sample is spread evenly over areas', () => {
  const areas = Map.groupBy(sample(ALL, 1, 8), ({ file }) => file);

  expect(areas.get('functions/src/engine/a.ts')).toHaveLength(4);
  expect(areas.get('functions/src/tools/b.ts')).toHaveLength(4);
});

test('A sample is spread evenly over kinds, however rare they are', () => {
  const kinds = sample([...ENGINE, ...RARE], 1, 4).map(({ kind }) => kind);

  expect(kinds.toSorted()).toEqual(['guard', 'guard', 'text', 'text']);
});

test('A sample takes everything if there is no more, each once', () => {
  expect(new Set(sample(ALL, 1, 1_000))).toEqual(new Set(ALL));
  expect(sample(ALL, 1, 1_000)).toHaveLength(ALL.length);
});
