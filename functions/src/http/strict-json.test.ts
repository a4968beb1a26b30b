import { describe, expect, test } from 'vitest';
import { readStrictJson } from './strict-json.ts';

describe('strict JSON', () => {
  test.each([
    '{"a":{"b":1},"c":{"b":2}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a","b":"a"}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a\\"":1,"a":["b",{"b":":"},"]"]}',
    '[[[[[[[[1]]]]]]]]',
    '"[[[[[[[[[[[["',
    '{"constructor":1,"prototype":2,"toString":3,"__PROTO__":4,"a":"__proto__"}',
    '{"a":1e308,"b":-0,"c":5e-324}',
    'null',
  ])('reads %s like JSON', (text) => {
    expect(readStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  test.each([
    ['{"a":1,"a":1}', 'twice'],
    ['{"a":1,"b":{"a":2},"a":3}', 'twice'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['[{"x":[{"a":1,"a":2}]}]', 'twice'],
    ['{"__proto__":1}', '"__proto__" has a special meaning'],
    ['[{"a":{"\\u005f_proto__":{"b":1}}}]', '"__proto__" has a special meaning'],
    ['1e999', 'larger than 1.8e308'],
    ['{"a":[-1e400]}', 'larger than 1.8e308'],
    ['[[[[[[[[[1]]]]]]]]]', 'more than 8 deep'],
    ['{"a":1', 'not valid JSON'],
    ["{'a':1}", 'not valid JSON'],
    ['{"a":NaN}', 'not valid JSON'],
    ['', 'not valid JSON'],
  ])('refuses %s', (text, expected) => {
    expect(readStrictJson(text)).toEqual({ ok: false, problem: expect.stringContaining(expected) });
  });

  test('refuses 60,000 brackets without going down into them', () => {
    expect(readStrictJson('['.repeat(30_000) + ']'.repeat(30_000))).toMatchObject({ ok: false });
  });
});
