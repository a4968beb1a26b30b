import { describe, expect, test } from 'vitest';
import { fakeLane } from './lanes/fake-lane.ts';
import { knownTests } from './known-tests.ts';
import { mutantsOf } from './rules/mutants-of.ts';
import { tryNear } from './try-near.ts';

const TEXT = 'export const isLate = (a, b) => a < b;';
const BUG = 'export const isLate = (a, b) => a <= b;';
const NEAR = [0, 1, 2].map((distance) => ({ file: `${distance}.test.ts`, distance }));

function attempt() {
  const mutant = mutantsOf('a.ts', TEXT).find(({ kind }) => kind === 'boundary');
  if (mutant === undefined) throw new Error('The text has no boundary.');
  return { mutant, text: TEXT, near: NEAR, limitMs: 8_000 };
}

describe('a bug', () => {
  test('is named by the first test that fails with it and passes without it', async () => {
    const lane = fakeLane((test, [planted]) => (planted === BUG && test !== '0.test.ts' ? 'fails' : undefined));

    expect(await tryNear(attempt(), lane, knownTests(new Map()))).toEqual({
      status: 'named',
      test: '1.test.ts',
      sentence: '1.test.ts is right',
    });
    expect(lane.runs).toEqual([
      { tests: ['0.test.ts', '1.test.ts', '2.test.ts'], planted: [BUG] },
      { tests: ['1.test.ts'], planted: [] },
    ]);
  });

  test('is not named by a test that fails anyway; the others still run', async () => {
    const lane = fakeLane((test) => (test === '1.test.ts' ? 'fails' : undefined));
    const known = knownTests(new Map());

    expect(await tryNear(attempt(), lane, known)).toEqual({
      status: 'survived',
      ran: ['0.test.ts', '2.test.ts'],
      left: [],
    });
    expect(known.distrusted).toEqual(new Set(['1.test.ts']));
    expect(lane.runs.at(-1)).toEqual({ tests: ['2.test.ts'], planted: [BUG] });
  });

  test('hangs if a test does not end that ends without it', async () => {
    const lane = fakeLane((_test, planted) => (planted.length > 0 ? 'hangs' : undefined));

    expect(await tryNear(attempt(), lane, knownTests(new Map()))).toEqual({ status: 'hung', test: '0.test.ts' });
  });

  test('survives the tests that the time is enough for; the rest is left', async () => {
    const lane = fakeLane((test) => (test === '1.test.ts' ? 'is late' : undefined));

    expect(await tryNear(attempt(), lane, knownTests(new Map()))).toEqual({
      status: 'survived',
      ran: ['0.test.ts'],
      left: ['1.test.ts', '2.test.ts'],
    });
  });

  test('survives if no test reaches it', async () => {
    const lane = fakeLane(() => 'fails');
    const unreached = { ...attempt(), near: [] };

    expect(await tryNear(unreached, lane, knownTests(new Map()))).toEqual({ status: 'survived', ran: [], left: [] });
    expect(lane.runs).toEqual([]);
  });

  test('costs a test that is trusted no second run', async () => {
    const lane = fakeLane((_test, planted) => (planted.length > 0 ? 'fails' : undefined));
    const known = knownTests(new Map());
    await tryNear(attempt(), lane, known);
    await tryNear(attempt(), lane, known);

    expect(lane.runs).toHaveLength(3);
  });
});
