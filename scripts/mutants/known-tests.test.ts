import { describe, expect, test } from 'vitest';
import { knownTests } from './known-tests.ts';

const FILE = 'functions/src/core/json.ts';
const tests = (...distances: readonly number[]) =>
  distances.map((distance, index) => ({ file: `${index}.test.ts`, distance }));

describe('the tests for a file', () => {
  test('begin with the near ones', () => {
    expect(knownTests(new Map()).inOrder(FILE, tests(3, 0, 2))).toEqual(['1.test.ts', '2.test.ts', '0.test.ts']);
  });

  test('begin with the fast ones among those that are as near', () => {
    const known = knownTests(new Map([['0.test.ts', 9_000]]));
    known.took('1.test.ts', 3_000);

    expect(known.inOrder(FILE, tests(2, 2, 2))).toEqual(['2.test.ts', '1.test.ts', '0.test.ts']);
  });

  test('prefer one that is fast and a little further away to one that takes very long', () => {
    expect(knownTests(new Map([['0.test.ts', 60_000]])).inOrder(FILE, tests(1, 3))).toEqual(['1.test.ts', '0.test.ts']);
  });

  test('begin with those that have named a bug in the same file', () => {
    const known = knownTests(new Map());
    known.named(FILE, '1.test.ts');

    expect(known.inOrder(FILE, tests(1, 5))).toEqual(['1.test.ts', '0.test.ts']);
    expect(known.inOrder('functions/src/core/other.ts', tests(1, 5))).toEqual(['0.test.ts', '1.test.ts']);
  });

  test('leave out those that fail without a bug', () => {
    const known = knownTests(new Map());
    known.distrust('0.test.ts');

    expect(known.inOrder(FILE, tests(0, 1))).toEqual(['1.test.ts']);
  });
});
