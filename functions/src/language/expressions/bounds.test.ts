import { describe, expect, test } from 'vitest';
import { loadExpressions } from './expressions.ts';
import type { JsonObject } from '#core/json.ts';

const { compile } = await loadExpressions();
const rows = Array.from({ length: 10_000 }, (_, index) => index);
const scope: JsonObject = {
  rows,
  more: [...rows, 10_000],
  hundred: rows.slice(0, 100),
  long: 'x'.repeat(600_000),
  text: 'a'.repeat(100_000),
  huge: Array.from({ length: 100_000 }, () => 'item'),
  records: rows.map((id) => ({ id, name: `n${id}` })),
};

function evaluate(source: string): unknown {
  return compile(source).evaluate(scope);
}

describe('what an expression may be', () => {
  test.each([
    ['a source of more than 2,000 characters', `'${'x'.repeat(2_000)}'`, 'longer than 2,000'],
    ['brackets deeper than 32', `${'('.repeat(33)}1${')'.repeat(33)}`, 'nest at most 32 deep'],
    ['calls deeper than 32', `a${'.trim()'.repeat(40)}`, 'nests more than 32 deep'],
    ['fields deeper than 32', `a${'.b'.repeat(40)}`, 'nests more than 32 deep'],
    ['more than 1,000 parts', Array.from({ length: 501 }, () => '1').join('+'), 'more than 1,000 parts'],
    ['a number that is not finite', '1e999', 'too large'],
  ])('%s is refused', (_, source, reason) => {
    expect(() => compile(source)).toThrow(reason);
  });

  test('a long chain of one operator is not deep', () => {
    expect(evaluate(Array.from({ length: 100 }, () => '1').join(' + '))).toBe(100);
  });
});

describe('what an evaluation may cost', () => {
  test('10,000 rounds of a loop are enough', () => {
    expect(evaluate('rows.map(r, r * 2).size()')).toBe(10_000);
    expect(evaluate('records.filter(r, r.id > 9997)[1].name')).toBe('n9999');
  });

  test.each([
    ['one round more', 'more.map(r, r)', 'more than 10,000 items'],
    ['nested loops', 'rows.all(a, rows.all(b, true))', 'more than 10,000 items'],
    ['loops that stop at once over long lists', 'rows.exists(a, huge.exists(b, true) && false)', 'too expensive'],
    ['searching a list again and again', 'rows.all(a, a in rows)', 'too expensive'],
    ['comparing a list again and again', 'rows.all(a, rows == rows)', 'too expensive'],
    ['patterns again and again', "rows.all(a, !'x'.matches('[a-z]+@[a-z]+'))", 'too expensive'],
    ['expensive patterns', "[1,2,3,4].all(x, text.matches('^(a{0,100}){0,10}$') || true)", 'too expensive'],
    ['measuring a text again and again', 'rows.all(a, size(long) > 0)', 'too expensive'],
    ['copying a text again and again', 'rows.map(a, long.lowerAscii())', 'too expensive'],
    ['searching a text again and again', "rows.all(a, !long.contains('y'))", 'too expensive'],
    ['making JSON that is too large again and again', "rows.exists(a, toJson([huge, huge]) == '')", 'too expensive'],
    ['cutting a text into too many again and again', "rows.exists(a, size(long.split('')) == 0)", 'too expensive'],
    ['replacing too much again and again', "rows.exists(a, long.replace('x', 'xx') == '')", 'too expensive'],
    ['joining the same text many times', "records.map(a, long).join('')", 'longer than 1,000,000'],
    ['a format that repeats a text', `'${'%s'.repeat(100)}'.format(hundred.map(a, long))`, 'longer than 1,000,000'],
    ['a text that doubles', 'long + long', 'longer than 1,000,000'],
    ['a text that grows by replacing', "text.replace('a', 'aaaaaaaaaaaaaaaaaaaa')", 'longer than 1,000,000'],
    ['a list that doubles', `[huge]${'.map(l, l + l)'.repeat(12)}`, 'more than 100,000 items'],
    ['a result that shares one list many times', 'hundred.map(a, records)', 'larger than 5 MB'],
    ['a result beyond 5 MB', 'hundred.map(a, long)', 'larger than 5 MB'],
  ])('%s is stopped soon', (_, source, reason) => {
    const startedAt = process.threadCpuUsage();
    expect(() => evaluate(source)).toThrow(reason);
    expect(process.threadCpuUsage(startedAt).user / 1_000).toBeLessThan(1_000);
  });

  test('an evaluation that was stopped does not cost the next one', () => {
    expect(() => evaluate('more.map(r, r)')).toThrow();
    expect(evaluate('rows.map(r, r).size()')).toBe(10_000);
  });

  test('a long text that is no number is not repeated in the reason', () => {
    expect(() => evaluate('int(long)')).toThrow(/^.{0,1000}$/s);
  });

  test('a pattern that ruins backtracking engines takes no time', () => {
    expect(evaluate("text.matches('^(a+)+b$')")).toBe(false);
  });
});
