import { describe, expect, test } from 'vitest';
import { expressionCompiler } from './compiler.ts';

const compile = expressionCompiler();
const scope = { list: [1, 2, 3], text: 'abc', number: 1.5, object: { 'x-y': 1, in: 2, d: 3 }, y: 1, nothing: null };

function problemOf(source: string): string {
  try {
    compile(source).evaluate(scope);
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : '';
  }
  return 'none';
}

describe('an expression that fails', () => {
  test.each([
    ['list[7]', 'no index 7 exists here; list indexes are whole numbers from 0'],
    ["'abc'[0]", 'a text has none: write .charAt(…)'],
    ['list[0.5]', 'list indexes are whole numbers from 0'],
    ["'abc'.charAt(5)", 'position 5 is outside a text of 3 characters; positions count from 0'],
    ['1 ? 2 : 3', 'a condition (before ?, or in filter or exists_one) is a whole number; it must be true or false'],
    ['list.filter(x, 1)', 'a condition (before ?, or in filter or exists_one) is a whole number'],
    ['list.all(x, 1)', 'need true or false, and this is a whole number'],
    ['text.map(x, x)', 'only a list or an object can be iterated over, and this is a text'],
    ["'a' + 1", '+ does not work on a text and a whole number'],
    ["'a'.split(',', 'x')", 'split does not work on a text, a text and a text'],
    ['1 in 2', 'in does not work on a whole number and a whole number'],
    ["{'a': 1, 'a': 2}", "an object contains the key 'a' twice"],
    ['list[nothing]', 'a key must be a text, a whole number, true or false'],
    ["int('x')", "'x' is not a whole number"],
    ["bool('x')", "'x' is neither 'true' nor 'false'"],
    ["timestamp('x')", 'this is not a valid point in time'],
    ["duration('1d')", "a day is '24h'"],
    ['int(1e30)', 'the number does not fit into a whole number'],
    ['9223372036854775807 * 2', 'the result of * does not fit into a whole number'],
    ["'%q'.format([1])", 'format does not support %q'],
    ["'%s'.format([])", 'format has fewer values'],
    ["'a'.matches('[')", 'the pattern cannot be read'],
    ["'abc'.substring(2, 1)", 'the end of a substring is before its beginning'],
    ['object.x-y', "for a field 'x-y', write ['x-y']"],
  ])('`%s` says what is wrong in our words', (source, said) => {
    expect(problemOf(source)).toContain(said);
  });

  test.each([
    'list[7]',
    "'abc'[0]",
    'list[0.5]',
    '1 ? 2 : 3',
    'list.filter(x, 1)',
    'y && 1',
    '!1',
    "-'a'",
    'size(1)',
    "int('x')",
    "bool('x')",
    'uint(-1)',
    "timestamp('x')",
    "duration('x')",
    "string(b'\\xff')",
    "'%d'.format(['a'])",
    "'%f'.format(['a'])",
    "'%b'.format(['a'])",
    "'%x'.format([1.5])",
    "'%'.format([1])",
    "'a'.matches('(?=a)')",
    'list < list',
    'string(list)',
    "timestamp('2026-01-01T00:00:00Z').getHours('Mars')",
    "duration('99999999999999999999s')",
    'nobody',
    "list['a']",
    '{null: 1}',
    '1 / 0',
    '1u / 0u',
    "'abc'.substring(9)",
    "'abc'.indexOf('c', 9)",
    '-9223372036854775808 - 1',
  ])('`%s` says nothing of the library', (source) => {
    expect(problemOf(source)).not.toMatch(
      /^none$|matching overload|out of bounds|unsupported|unresolved|mismatch|overflow|BigInt|Failed|Unable|Invalid|invalid argument|clause|iterable|_\[_\]|@in|regexp|\bint\b|\bbool\b|\bdyn\b/,
    );
  });
});

describe('a field that cannot stand behind a dot', () => {
  test.each([
    ['object.in', "write ['in'] for a field of this name"],
    ['object.null', "write ['null'] for a field of this name"],
    ['object.true.a', "write ['true'] for a field of this name"],
    ['object.`x-y`', "write ['x-y'] for a field of this name"],
    ['list.0', 'write [0] for the item of a list'],
  ])('is said how to write: %s', (source, said) => {
    expect(problemOf(source)).toContain(said);
  });
});

test('a lone surrogate in a text is reported as one', () => {
  expect(problemOf(String.raw`"\ud83d"`)).toContain('lone surrogate');
});
