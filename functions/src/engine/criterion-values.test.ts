import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import { loadExpressions } from '#language/expressions/expressions.ts';
import { evaluateCriteria } from './criteria.ts';

const expressions = await loadExpressions();
const criterion = { id: 'k', value: 'steps.a.output', ok: 'true', alert: 'false' };

function keptOf(output: Json): Json | undefined {
  return evaluateCriteria([criterion], { steps: { a: { output } } }, expressions)[0]?.value;
}

describe('of a measured value the record keeps', () => {
  const shown = (text: string) => `the text '${text}…'`;

  test.each([
    ['a text of 199 characters', 'x'.repeat(199), 'x'.repeat(199)],
    ['a text of 200 characters', 'x'.repeat(200), 'x'.repeat(200)],
    ['of 201 characters a description', 'x'.repeat(201), shown('x'.repeat(39))],
    ['of 2,000 characters a description', 'x'.repeat(2_000), shown('x'.repeat(39))],
    ['a text of 100 emoji', '🔥'.repeat(100), '🔥'.repeat(100)],
    ['of 101 emoji a description', '🔥'.repeat(101), shown('🔥'.repeat(19))],
    ['an empty text', '', ''],
    ['zero', 0, 0],
    ['a fraction', 0.1, 0.1],
    ['false', false, false],
    ['of a list its length', [1, 2, 3], 'a list of 3'],
    ['of an empty list its length', [], 'a list of 0'],
    ['of an object that it is one', { a: 1 }, 'an object'],
  ])('%s', (_, output, kept) => {
    expect(keptOf(output)).toEqual(kept);
  });

  test('the same where no band can be told', () => {
    const broken = { ...criterion, ok: 'value' };
    const [result] = evaluateCriteria([broken], { steps: { a: { output: 'x'.repeat(201) } } }, expressions);

    expect(result).toMatchObject({ band: 'unknown', value: shown('x'.repeat(39)) });
  });
});

describe('of the reason for an unknown band the record keeps', () => {
  test.each([
    [999, 'x'.repeat(999)],
    [1_000, 'x'.repeat(1_000)],
    [1_001, `${'x'.repeat(999)}…`],
  ])('of %i characters at most 1,000', (chars, reason) => {
    const failing = {
      evaluate: () => {
        throw new PlaybookError('expression_failed', 'x'.repeat(chars));
      },
      isTrue: () => true,
    };

    expect(evaluateCriteria([criterion], {}, failing)).toEqual([{ id: 'k', value: null, band: 'unknown', reason }]);
  });
});
