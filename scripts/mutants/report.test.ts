import { describe, expect, test } from 'vitest';
import type { Mutant } from './rules/mutants-of.ts';
import type { Outcome, Tried } from './outcome.ts';
import { mutantText, outcomeLine, reportText } from './report.ts';
import { summaries, total } from './summary.ts';

const plain = (_colour: string, text: string): string => text;
const NAMED: Outcome = { status: 'named', test: 'functions/src/core/json.test.ts', sentence: 'sums > are right' };
const SURVIVED: Outcome = { status: 'survived', ran: ['a.test.ts'], left: ['b.test.ts', 'c.test.ts'] };
const EQUIVALENT: Outcome = { status: 'equivalent', why: 'Nobody sees it.' };

const aMutant = (changes: Partial<Mutant> = {}): Mutant => ({
  file: 'functions/src/core/json.ts',
  line: 7,
  kind: 'boundary',
  start: 0,
  end: 1,
  replacement: '<=',
  code: 'if (a < b) return;',
  becomes: 'if (a <= b) return;',
  ...changes,
});
const tried = (outcome: Outcome, file = 'functions/src/core/json.ts'): Tried => ({
  mutant: aMutant({ file }),
  outcome,
});

describe('a line about a bug', () => {
  test.each([
    [NAMED, '✓ functions/src/core/json.ts:7  boundary  core/json.test.ts: "sums > are right"'],
    [
      SURVIVED,
      '… functions/src/core/json.ts:7  boundary  1 test file ran, and none failed; 2 more distant did not run in time',
    ],
    [{ status: 'survived', ran: [], left: [] }, '… functions/src/core/json.ts:7  boundary  no test file reaches it'],
    [{ status: 'hung', test: 'a.test.ts' }, '✓ functions/src/core/json.ts:7  boundary  a.test.ts does not end'],
    [
      { status: 'refused', message: 'TS2322: no' },
      '✓ functions/src/core/json.ts:7  boundary  refused by types: TS2322: no',
    ],
    [EQUIVALENT, '✓ functions/src/core/json.ts:7  boundary  does the same: Nobody sees it.'],
  ] satisfies readonly (readonly [Outcome, string])[])('says what is known: %o', (outcome, line) => {
    expect(outcomeLine(tried(outcome), plain)).toBe(line);
  });
});

describe('a bug', () => {
  test('is shown with the lines that differ', () => {
    const mutant = aMutant({ code: 'if (a < b)\n  return;', becomes: 'if (a <= b)\n  return;' });

    expect(mutantText(mutant, plain)).toBe('functions/src/core/json.ts:7  boundary\n  - if (a < b)\n  + if (a <= b)');
  });

  test('is shown shortened if it is long', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);

    expect(mutantText(aMutant({ code: lines.join('\n'), becomes: ';' }), plain).split('\n')).toEqual([
      'functions/src/core/json.ts:7  boundary',
      ...[0, 1, 2, 3, 4, 5].map((index) => `  - line ${index}`),
      '  - …',
      '  - line 19',
      '  + ;',
    ]);
  });
});

describe('the report', () => {
  const all = [tried(NAMED), tried(SURVIVED), tried(EQUIVALENT), tried(NAMED, 'console/src/a.ts')];

  test('shows only the survivors, and then every area', () => {
    expect(reportText(all, ['flaky.test.ts'], plain)).toBe(
      `✗ functions/src/core/json.ts:7  boundary
  - if (a < b) return;
  + if (a <= b) return;
  1 test file ran, and none failed; 2 more distant did not run in time

flaky.test.ts fails, or says nothing for too long, without any bug: it was left out.

Area     planted  named  hung  survived  share  refused by types  equivalent
console  1        1      0     0         100 %  0                 0
core     2        1      0     1         50 %   0                 1
all      3        2      0     1         66 %   0                 1`,
    );
  });

  test('counts a bug neither as planted nor as a survivor that types refuse, or that does the same as the product', () => {
    const passedOver = [tried(EQUIVALENT), tried({ status: 'refused', message: '' })];

    expect(total([...passedOver, tried(SURVIVED)])).toMatchObject({ planted: 1, percent: 0 });
    expect(total(passedOver)).toMatchObject({ planted: 0, percent: 100 });
  });

  test('counts a bug that hangs the tests as named', () => {
    const hung = tried({ status: 'hung', test: '' });

    expect(total([hung, tried(SURVIVED)]).percent).toBe(50);
    expect(summaries([hung])).toMatchObject([{ area: 'core', counts: { hung: 1, survived: 0 } }]);
  });

  test.each([
    [1, 5, 20],
    [29, 100, 29],
    [2, 3, 66],
  ])('rounds the share of %i named bugs among %i down, to %i %%', (named, planted, percent) => {
    const all = Array.from({ length: planted }, (_, index) => tried(index < named ? NAMED : SURVIVED));

    expect(total(all).percent).toBe(percent);
  });
});
