import { describe, expect, test } from 'vitest';
import { draw } from './draw.ts';
import { mutantsOf } from './rules/mutants-of.ts';

const [first, second, third, fourth] = mutantsOf('a.ts', 'a(1, 2, 3, 4);').filter(({ kind }) => kind === 'number');
const all = [first, second, third, fourth].filter((mutant) => mutant !== undefined);
const candidates = all.map((mutant) => ({ mutant, equivalent: mutant === third ? 'Nobody sees it.' : undefined }));
const refused = new Map(all.slice(0, 1).map((mutant) => [mutant, 'TS2322: no']));

describe('the bugs to plant', () => {
  test('are as many as asked for, without those that types refuse or that do the same as the product', () => {
    expect(draw(candidates, refused, 2)).toEqual({
      mutants: [second, fourth],
      settled: [
        { mutant: first, outcome: { status: 'refused', message: 'TS2322: no' } },
        { mutant: third, outcome: { status: 'equivalent', why: 'Nobody sees it.' } },
      ],
    });
  });

  test('are fewer if there are no more; nothing beyond the last one is passed over', () => {
    expect(draw(candidates, refused, 9).mutants).toEqual([second, fourth]);
    expect(draw(candidates, refused, 1)).toMatchObject({ mutants: [second], settled: [{ mutant: first }] });
  });
});
