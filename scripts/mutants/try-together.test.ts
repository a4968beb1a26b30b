import { describe, expect, test } from 'vitest';
import { fakeLane } from './lanes/fake-lane.ts';
import { knownTests } from './known-tests.ts';
import { type Mutant, mutantsOf } from './rules/mutants-of.ts';
import type { Survivor } from './outcome.ts';
import { groupsApart, tryTogether } from './try-together.ts';

const FILES = ['a.ts', 'b.ts', 'c.ts', 'd.ts'];
const textOf = (file: string): string => `const ${file[0]} = 1;`;
const tree = new Map(FILES.map((file) => [file, { bytes: Buffer.from(textOf(file)), mode: 0o644 }]));

function bugIn(file: string): Mutant {
  const mutant = mutantsOf(file, textOf(file)).find(({ kind }) => kind === 'number');
  if (mutant === undefined) throw new Error('The text has no number.');
  return mutant;
}

const survivor = (file: string, ...left: readonly string[]): Survivor => ({
  mutant: bugIn(file),
  outcome: { status: 'survived', ran: ['near.test.ts'], left },
});
const GROUP = FILES.map((file) => survivor(file, 'x.test.ts', 'y.test.ts', 'z.test.ts'));
const has = (planted: readonly string[], file: string): boolean => planted.includes(`const ${file[0]} = 2;`);
const surroundings = () => ({ tree, known: knownTests(new Map()), limitMs: 60_000 });

describe('several bugs at once', () => {
  test('survive together if no test fails', async () => {
    const lane = fakeLane(() => undefined);
    const tried = await tryTogether(GROUP, surroundings(), [lane]);

    expect(lane.runs).toHaveLength(1);
    expect(lane.runs[0]?.planted).toHaveLength(4);
    expect(tried.map(({ outcome }) => outcome)).toEqual(
      GROUP.map(() => ({
        status: 'survived',
        ran: ['near.test.ts', 'x.test.ts', 'y.test.ts', 'z.test.ts'],
        left: [],
      })),
    );
  });

  test.each(FILES)('are told apart when a test names the one in %s; the others are tried further', async (file) => {
    const lane = fakeLane((test, planted) => (test === 'y.test.ts' && has(planted, file) ? 'fails' : undefined));
    const tried = await tryTogether(GROUP, surroundings(), [lane]);

    const named = tried.filter(({ outcome }) => outcome.status === 'named');
    expect(named.map(({ mutant }) => mutant.file)).toEqual([file]);
    expect(named[0]?.outcome).toEqual({ status: 'named', test: 'y.test.ts', sentence: 'y.test.ts is right' });
    expect(lane.runs.at(-1)?.planted).toHaveLength(3);
    expect(lane.runs.at(-1)?.tests).toContain('z.test.ts');
  });

  test('are each named, although one test notices several', async () => {
    const lane = fakeLane((_test, planted) => (has(planted, 'a.ts') || has(planted, 'd.ts') ? 'fails' : undefined));
    const tried = await tryTogether(GROUP, surroundings(), [lane]);

    expect(tried.map(({ outcome }) => outcome.status)).toEqual(['named', 'survived', 'survived', 'named']);
  });

  test('are not named by a test that fails only because of two of them, or without any', async () => {
    const lane = fakeLane((test, planted) => {
      if (test === 'z.test.ts') return 'fails';
      return test === 'x.test.ts' && has(planted, 'a.ts') && has(planted, 'd.ts') ? 'fails' : undefined;
    });
    const given = surroundings();
    const tried = await tryTogether(GROUP, given, [lane]);

    expect(tried.every(({ outcome }) => outcome.status === 'survived')).toBe(true);
    expect(given.known.distrusted).toEqual(new Set(['z.test.ts']));
  });

  test('leave the tests that the time is not enough for', async () => {
    const lane = fakeLane((test) => (test === 'y.test.ts' ? 'is late' : undefined));
    const [first] = await tryTogether(GROUP, surroundings(), [lane]);

    expect(first?.outcome).toEqual({
      status: 'survived',
      ran: ['near.test.ts', 'x.test.ts'],
      left: ['y.test.ts', 'z.test.ts'],
    });
  });

  test('share the tests between lanes', async () => {
    const lanes = [fakeLane(() => undefined), fakeLane(() => undefined)];
    await tryTogether(GROUP, surroundings(), lanes);

    expect(lanes.map(({ runs }) => runs.flatMap(({ tests }) => tests))).toEqual([
      ['x.test.ts', 'z.test.ts'],
      ['y.test.ts'],
    ]);
  });

  test('run first what is nearest to any of them', async () => {
    const lane = fakeLane(() => undefined);
    await tryTogether([survivor('a.ts', 'x.test.ts', 'y.test.ts'), survivor('b.ts', 'y.test.ts')], surroundings(), [
      lane,
    ]);

    expect(lane.runs[0]?.tests.toSorted()).toEqual(['x.test.ts', 'y.test.ts']);
  });
});

describe('groups', () => {
  test('keep bugs apart that change the same place', () => {
    const text = 'if (a < b) c();';
    const [whole, ...inside] = mutantsOf('a.ts', text).map((mutant): Survivor => ({ ...survivor('a.ts'), mutant }));

    const groups = groupsApart([...(whole === undefined ? [] : [whole]), ...inside, survivor('b.ts')]);
    for (const group of groups) {
      const spans = group.filter(({ mutant }) => mutant.file === 'a.ts').map(({ mutant }) => mutant);
      expect(
        spans.some((one) => spans.some((other) => one !== other && one.start <= other.end && other.start <= one.end)),
      ).toBe(false);
    }
    expect(groups[0]).toContainEqual(survivor('b.ts'));
  });
});
