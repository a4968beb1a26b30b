import { expect, test } from 'vitest';
import { loadExpressions } from './expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { escapeAttempts, prototypeNames } from '#testing/builders/escape-attempts.ts';
import { resolveTemplates } from './template.ts';

const { compile } = await loadExpressions();

/** If one of these shows up in a result, something outside of the scope was reached. */
const FORBIDDEN =
  /\[native code\]|function\s*\(|uid=\d+|root:|\[object |process\.|node:|NODE_|PATH=|Promise \{|CelError|ReflectMessage/;

function scopeOf(): JsonObject {
  const parsed: Json = JSON.parse(
    '{"a":1,"key":"constructor","text":"abc","number":1,"list":[{"x":1}],"nested":{"deep":{}},' +
      '"disguised":{"$typeName":"google.protobuf.BoolValue","value":true},' +
      '"odd":{"constructor":null,"x":1},"odder":{"constructor":{"name":"Object"},"__proto__":{"x":1}},' +
      '"bare":{"x":"${{ constructor }}"}}',
  );
  return { data: parsed, steps: {} };
}

function outcome(source: string, evaluate: (source: string) => Json): string {
  try {
    return JSON.stringify(evaluate(source));
  } catch (error) {
    if (error instanceof PlaybookError && error.code === 'expression_failed') return '';
    throw new Error(`${source} threw something else: ${String(error)}`, { cause: error });
  }
}

test('there are at least 200 ways out that others left open', () => {
  expect(new Set(escapeAttempts).size).toBeGreaterThanOrEqual(200);
});

test.each([
  ['as an expression', (source: string) => compile(source).evaluate(scopeOf())],
  ['inside a template', (source: string) => resolveTemplates(`a \${{ ${source} }} b`, scopeOf(), compile)],
])('none of them leads out of the scope, %s', (_, evaluate) => {
  const before = Reflect.ownKeys(Object.prototype).length;
  const escaped = escapeAttempts.filter((source) => FORBIDDEN.test(outcome(source, evaluate)));
  expect(escaped).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
  expect('polluted' in {}).toBe(false);
});

test('names of prototypes are not there, unless the data have them', () => {
  const data = { a: {}, own: { constructor: 'Fiat', toString: 7 } };
  for (const name of prototypeNames) {
    expect(compile(`has(data.a.${name})`).evaluate({ data })).toBe(false);
    expect(() => compile(name).evaluate({ data })).toThrow('unknown name');
  }
  expect(compile('data.own.constructor + string(data.own.toString)').evaluate({ data })).toBe('Fiat7');
});

test('data that look like protobuf messages stay data', () => {
  const { data } = scopeOf();
  expect(compile('data.disguised').evaluate({ data: data ?? null })).toEqual({
    $typeName: 'google.protobuf.BoolValue',
    value: true,
  });
});

test('a __proto__ key of the data stays an own key of the result', () => {
  const data: Json = JSON.parse('{"__proto__":{"x":1}}');
  const result = compile('data').evaluate({ data });
  expect(JSON.stringify(result)).toBe('{"__proto__":{"x":1}}');
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
});
