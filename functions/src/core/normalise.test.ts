import { describe, expect, test } from 'vitest';
import { JsonValue } from './json.ts';
import { isDeeperThan, normalise } from './normalise.ts';

class Order {
  readonly id = 7;
  readonly total = () => 12;
}

const cyclic: Record<string, unknown> = { name: 'a' };
cyclic['self'] = cyclic;
cyclic['list'] = [cyclic];

const shared = { x: 1 };

function nested(levels: number): unknown {
  return levels === 0 ? 'bottom' : [nested(levels - 1)];
}

describe('what a tool returned', () => {
  test.each<[string, unknown, unknown, string]>([
    ['undefined', undefined, null, 'the output was undefined and was omitted'],
    ['a function', () => 1, null, 'the output was function and was omitted'],
    ['a function in a map', { run: () => 1, x: 1 }, { x: 1 }, 'run was function and was omitted'],
    ['a function in a list', [() => 1], [null], '[0] was function and was omitted'],
    ['a symbol', { s: Symbol('x') }, {}, 's was symbol and was omitted'],
    ['NaN', { a: [1, Number.NaN] }, { a: [1, null] }, 'a[1] was NaN and is kept as null'],
    ['infinity', -Infinity, null, 'the output was -Infinity and is kept as null'],
    ['a bigint', { n: 12345678901234567890n }, { n: '12345678901234567890' }, 'n was a bigint and is kept as text'],
    ['an invalid instant', { at: new Date('x') }, { at: null }, 'at was an invalid instant and is kept as null'],
    ['a Map', new Map<unknown, unknown>([[1, 'a']]), { 1: 'a' }, 'the output was a Map and is kept as its fields'],
    ['a Set', { s: new Set([1, 1, 2]) }, { s: [1, 2] }, 's was a Set and is kept as a list'],
    ['a class instance', new Order(), { id: 7 }, 'the output was a Order and is kept as its fields'],
    ['an error', { e: new RangeError('x') }, { e: {} }, 'e was a RangeError and is kept as its fields'],
    ['half a surrogate pair', { t: 'a\uD83D' }, { t: 'a\uFFFD' }, 't contained a lone surrogate, which was replaced'],
  ])('%s becomes JSON, and what was lost is said', (_, value, json, note) => {
    expect(normalise(value)).toMatchObject({ json, notes: expect.arrayContaining([note]) });
    expect(JsonValue.safeParse(normalise(value).json).success).toBe(true);
  });

  test.each<[string, unknown, unknown]>([
    ['undefined in a map, which JSON leaves out', { a: undefined, b: 1 }, { b: 1 }],
    ['-0', [-0], [0]],
    ['an instant', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['lists in lists', [[[]], [[1]]], [[[]], [[1]]]],
    ['names that databases reserve', { '': 1, 'a.b': 2, __x__: 3, 'a/b': 4 }, { '': 1, 'a.b': 2, __x__: 3, 'a/b': 4 }],
    ['a map without a prototype', Object.assign(Object.create(null), { x: 1 }), { x: 1 }],
    ['the same object twice beside each other', [shared, shared], [{ x: 1 }, { x: 1 }]],
    ['half a million letters', 'x'.repeat(500_000), 'x'.repeat(500_000)],
  ])('%s is kept without a note', (_, value, json) => {
    expect(normalise(value)).toEqual({ json, notes: [] });
  });

  test('-0 is no longer negative', () => {
    expect(Object.is(normalise(-0).json, 0)).toBe(true);
  });

  test('a hole in a list is null', () => {
    expect(normalise(Array.from({ length: 2 })).json).toEqual([null, null]);
  });

  test('what contains itself is cut where it does', () => {
    expect(normalise(cyclic)).toEqual({
      json: { name: 'a', self: null, list: [null] },
      notes: [
        'self refers to what contains it and is kept as null',
        'list[0] refers to what contains it and is kept as null',
      ],
    });
  });

  test('64 levels are kept, and what lies deeper is null, also a hundred thousand levels down', () => {
    expect(normalise(nested(64)).notes).toEqual([]);
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const { json, notes } = normalise(deep);
    expect(JSON.stringify(json)).toBe(`${'['.repeat(64)}null${']'.repeat(64)}`);
    expect(notes).toHaveLength(1);
  });

  test('what would be cut can be asked before', () => {
    expect(isDeeperThan(64, nested(64))).toBe(false);
    expect(isDeeperThan(64, { a: nested(64) })).toBe(true);
    expect(isDeeperThan(64, cyclic)).toBe(true);
    expect(isDeeperThan(0, 'text')).toBe(false);
  });

  test('an own __proto__ field is left out and changes no prototype', () => {
    const value: unknown = JSON.parse('{"a":{"__proto__":{"polluted":true}},"constructor":{"prototype":{"x":1}}}');
    const { json, notes } = normalise(value);
    expect(json).toEqual({ a: {}, constructor: { prototype: { x: 1 } } });
    expect(notes).toEqual(['a.__proto__ is a reserved name and was omitted']);
    expect('polluted' in {}).toBe(false);
  });

  test('losses without number are told of twenty times', () => {
    expect(normalise(Array.from({ length: 1_000 }, () => Number.NaN)).notes).toHaveLength(20);
  });
});

describe('what cannot even be looked at', () => {
  test.each<[string, unknown]>([
    [
      'a getter that throws',
      {
        ok: 1,
        get bad() {
          throw new Error('no');
        },
      },
    ],
    ['a proxy that was revoked', revoked()],
    ['a Map with a name that is no text', new Map([[Object.create(null), 1]])],
  ])('%s does not stop the rest', (_, value) => {
    const { json, notes } = normalise({ before: 1, odd: value, after: 2 });
    expect(json).toMatchObject({ before: 1, after: 2 });
    expect(notes.join()).toContain('odd');
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
