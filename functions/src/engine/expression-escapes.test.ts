import { expect, test } from 'vitest';
import { loadExpressions } from './expressions.ts';
import { PlaybookError } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { resolveTemplates } from './template.ts';

const { compile } = await loadExpressions();

/** If one of these shows up in a result, something outside of the scope was reached. */
const FORBIDDEN =
  /\[native code\]|function\s*\(|uid=\d+|root:|\[object |process\.|node:|NODE_|PATH=|Promise \{|CelError|ReflectMessage/;

const names = ['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
const oldNames = [
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'caller',
  'arguments',
];
const roots = [
  'data',
  'data.list',
  'data.text',
  'data.number',
  'data.nested',
  'steps',
  "''",
  '[]',
  '{}',
  '1',
  'true',
  'null',
  'size',
];
const globals = [
  'process',
  'globalThis',
  'global',
  'require',
  'module',
  'exports',
  'console',
  'Function',
  'eval',
  'import',
  'this',
];

/** What broke the expression languages of others: walks up prototypes, constructors called, globals, code in strings. */
const known = [
  '{{ (function(){ return this.process.mainModule.require("child_process").execSync("id") })() }}',
  '(() => process.env)()',
  'function(){ return process }()',
  'this.constructor.constructor("return process")().exit()',
  'data.constructor.constructor("return process.env")()',
  '[].constructor.constructor("return globalThis")()',
  "''.constructor.fromCharCode(97)",
  "'a'.constructor.raw",
  '[].map.constructor("return 1")()',
  '[].filter.call.call(1)',
  'data.list.map(x, x.constructor)',
  'data.list.map(constructor, constructor)',
  'data.list.map(__proto__, __proto__)',
  'data.list.filter(x, x.__proto__.polluted == null)',
  'data["__proto__"]["polluted"]',
  "data['con' + 'structor']",
  "data['const' + 'ructor']['const' + 'ructor']('return 1')()",
  'data[["__proto__"]]',
  'data[data.key]',
  'data[data.key][data.key]',
  "{'__proto__': {'polluted': true}}",
  "{'__proto__': {'polluted': true}}.polluted",
  "{'constructor': {'prototype': {'polluted': true}}}",
  "[{'__proto__': {'polluted': true}}].map(x, x)",
  'data.fn',
  'data.fn()',
  'data.list.sort()',
  'data.list.push(1)',
  'data.list.concat([1])',
  'data.text.at(0)',
  'with(data){constructor}',
  'new Function("return 1")()',
  'new Date()',
  'new data.constructor()',
  'delete data.a',
  'data.a = 1',
  'data.__proto__.polluted = true',
  'constructor.prototype.polluted = true',
  'a => a',
  '`${process}`',
  'eval("1")',
  'Function("return process")()',
  'setTimeout("1")',
  'fetch("http://169.254.169.254")',
  'import("fs")',
  'require("fs").readFileSync("/etc/passwd")',
  'process.exit(1)',
  'process.env.CRON_SECRET',
  'globalThis.process',
  'Reflect.construct(Function, ["return 1"])()',
  'Object.getPrototypeOf(data)',
  'Object.assign(data, data)',
  'Symbol.species',
  'Proxy(data, {})',
  'WebAssembly',
  'Error().stack',
  'data.toString.constructor("x")()',
  'data.toString()',
  'data.valueOf()',
  'data.list.toString()',
  'data.text.toString()',
  'data.hasOwnProperty("a")',
  '$eval("1")',
  '$lookup({}, "constructor")',
  '$map([1], function($x){ $x.constructor })',
  '$toMillis.constructor',
  '$json.constructor',
  '$node',
  '$input.item.json',
  '$workflow',
  '$env.SECRET',
  '$secrets',
  '$parameter',
  '$prevNode',
  '__import__("os").system("id")',
  '().__class__.__base__.__subclasses__()',
  "''.__class__.__mro__",
  'config.items()',
  'self.__init__.__globals__',
  'cycler.__init__.__globals__.os',
  'lipsum.__globals__',
  "data|attr('__class__')",
  '#{T(java.lang.Runtime).getRuntime().exec("id")}',
  '${7*7}',
  '<%= process.env %>',
  '{{7*7}}',
  '*{7*7}',
  '@(7*7)',
  'google.protobuf.Any{type_url: "x"}',
  'google.protobuf.Value{string_value: "x"}',
  'google.protobuf.Timestamp{}',
  'google.protobuf',
  'google.protobuf.Struct',
  'cel.expr.Expr{}',
  'proto.getExt(data, x)',
  'cel.bind(x, 1, x)',
  'data.disguised',
  'data.disguised.value',
  'data.disguised == true',
  'data.odd',
  'data.odd.x',
  'data.odder',
  'data.bare.x',
  '@result',
  '@tick(true)',
  '@range(data)',
  '@append([], [process])',
  '@in',
  '_+_(1, 2)',
  '_[_](data, "constructor")',
  "data.text.matches('(?<a>' )",
  "'%s'.format([data.constructor])",
  "'%s'.format([size])",
  "'%s'.format([type(data)])",
  'type(data)',
  'type(type(1))',
  'dyn(data).constructor',
  'string(data)',
  'bytes(data.text)',
  'int',
  'list',
  'map',
  'has(data.constructor)',
  'has(data.__proto__)',
  'has(data.__proto__.toString)',
  "'constructor' in data",
  "'__proto__' in data",
  'toJson(data.constructor)',
  'toJson(size)',
  '.constructor',
  '.__proto__',
  '.data.constructor',
  'data.list[-1]',
  'data.list["length"]',
  'data.list.length',
  'data.text.length',
  'data.list[9007199254740993]',
  '\u0063onstructor',
  'data.\u{5f}_proto__',
  'data.`constructor`',
  'cons\\u0074ructor',
  'data?.constructor',
];

const walks = [
  ...names.flatMap((name) => [name, `${name}.${name}`, `${name}()`, ...roots.map((root) => `${root}.${name}`)]),
  ...oldNames.flatMap((name) => [`data.${name}`, `data.${name}('a', 1)`]),
  ...globals.flatMap((name) => [name, `${name}.x`, `${name}('x')`]),
  ...names.map((name) => `steps[${JSON.stringify(name)}]`),
  ...names.map((name) => `data.list.map(x, x)[0].${name}`),
];

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
  expect(new Set([...known, ...walks]).size).toBeGreaterThanOrEqual(200);
});

test.each([
  ['as an expression', (source: string) => compile(source).evaluate(scopeOf())],
  ['inside a template', (source: string) => resolveTemplates(`a \${{ ${source} }} b`, scopeOf(), compile)],
])('none of them leads out of the scope, %s', (_, evaluate) => {
  const before = Reflect.ownKeys(Object.prototype).length;
  for (const source of [...known, ...walks]) expect(outcome(source, evaluate), source).not.toMatch(FORBIDDEN);
  expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
  expect('polluted' in {}).toBe(false);
});

test('names of prototypes are not there, unless the data have them', () => {
  const data = { a: {}, own: { constructor: 'Fiat', toString: 7 } };
  for (const name of [...names, ...oldNames]) {
    expect(compile(`has(data.a.${name})`).evaluate({ data })).toBe(false);
    expect(() => compile(name).evaluate({ data })).toThrow('not known');
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
