import { beforeEach, describe, expect, test } from 'vitest';
import { type Hearing, hearing } from './hearing.ts';

let atMs: number;
let heard: Hearing;
beforeEach(() => {
  atMs = 1_000;
  const tests = ['a.test.ts', 'b.test.ts'].map((file) => ({ file, usualMs: 100 }));
  heard = hearing({ tests: [...tests, { file: 'slow.test.ts', usualMs: 20_000 }], limitMs: 8_000 }, () => atMs);
});

describe('a run of tests', () => {
  test('goes on while tests pass', () => {
    heard.began('a.test.ts');
    atMs += 7_999;
    heard.passed('a.test.ts');

    expect(heard.verdict()).toBeUndefined();
  });

  test('has passed when it ends, with what each file took', () => {
    heard.began('a.test.ts');
    atMs += 300;
    heard.passed('a.test.ts');

    expect(heard.end()).toEqual({ status: 'passed', ended: [{ test: 'a.test.ts', durationMs: 300 }] });
  });

  test('ends at the first failure, which names the test', async () => {
    heard.failed('a.test.ts', 'sum is right');
    heard.failed('b.test.ts', 'another');
    await heard.failing;

    const failed = { status: 'failed', ended: [], test: 'a.test.ts', sentence: 'sum is right' };
    expect(heard.verdict()).toEqual(failed);
    expect(heard.end()).toEqual(failed);
  });

  test('ends at its limit', () => {
    heard.began('a.test.ts');
    atMs += 8_000;

    expect(heard.verdict()).toEqual({ status: 'limit', ended: [] });
  });

  test('goes on beyond its limit while one test is silent, because it may hang', () => {
    heard.began('a.test.ts');
    atMs += 39_999;

    expect(heard.verdict()).toBeUndefined();
  });

  test('ends when nothing is heard of a test for longer than any may take', () => {
    heard.began('b.test.ts');
    atMs += 40_000;

    expect(heard.verdict()).toEqual({ status: 'silent', ended: [], test: 'b.test.ts' });
  });

  test('waits longer for a file that is known to be slow', () => {
    heard.began('slow.test.ts');
    atMs += 59_999;
    expect(heard.verdict()).toBeUndefined();

    atMs += 1;
    expect(heard.verdict()).toMatchObject({ status: 'silent', test: 'slow.test.ts' });
  });

  test('is silent about the first file if none has begun', () => {
    atMs += 40_000;

    expect(heard.verdict()).toEqual({ status: 'silent', ended: [], test: 'a.test.ts' });
  });

  test('is not silent as long as anything happens', () => {
    heard.began('a.test.ts');
    atMs += 39_000;
    heard.stirred();
    atMs += 12_000;

    expect(heard.verdict()).toBeUndefined();
  });
});
