import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isTest, sourceFiles } from './import-graph.ts';
import { quantile, type Size, sizesOf } from './sizes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const { files, functions } = sizesOf(
  ROOT,
  sourceFiles(ROOT).filter((file) => !isTest(file)),
);

const longest = (sizes: readonly Size[]): readonly string[] =>
  sizes
    .toSorted((a, b) => b.lines - a.lines)
    .slice(0, 20)
    .map(({ place, lines }) => `${place} (${lines})`);

/** The linter holds the largest (200 lines a file, 40 a function); these keep the usual one small. */
describe('the product code, without blank lines and comments', () => {
  test.each([
    ['files', files, 50, 160],
    ['functions of more than one line', functions, 8, 25],
  ])('has %s with a median and a 95th percentile as agreed', (_, sizes, median, p95) => {
    expect(quantile(sizes, 0.5)).toBeLessThanOrEqual(median);
    expect(quantile(sizes, 0.95), `the longest: ${longest(sizes).join(', ')}`).toBeLessThanOrEqual(p95);
  });
});
