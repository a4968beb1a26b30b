import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, type Opened } from './opened-documents.contract.ts';
import type { DocumentData, Query, Write } from './documents.ts';

class Money {
  readonly usd = 1;
}

const NOT_DOCUMENTS: readonly (readonly [string, unknown, string])[] = [
  ['undefined', { a: { b: undefined } }, 'a.b is undefined'],
  ['a function', { a: () => 1 }, 'a is a function'],
  ['a symbol', { a: Symbol('x') }, 'a is a symbol'],
  ['a bigint', { a: 10n }, 'a is a bigint'],
  ['a class instance', { a: [new Money()] }, 'a.0 is an instance of Money'],
  ['a Map', { a: new Map() }, 'a is an instance of Map'],
  ['a Set', { a: new Set() }, 'a is an instance of Set'],
  ['an invalid instant', { a: new Date(NaN) }, 'a is an invalid instant'],
  ['an instant after the year 9999', { a: new Date(253_402_300_800_000) }, 'the years 1 to 9999'],
  ['NaN', { a: { b: [NaN] } }, 'a.b.0 is NaN'],
  ['infinity', { a: -Infinity }, 'a is -Infinity'],
  ['a lone surrogate', { a: 'x\ud800' }, 'a contains a lone surrogate'],
  ['a lone surrogate in a name', { 'x\ud800': 1 }, 'a lone surrogate'],
  ['a list in a list', { a: [[1]] }, 'a.0 is a list directly inside a list'],
  ['a hole in a list', { a: Array.from({ length: 1 }) }, 'a.0 is undefined'],
  ['21 levels', nested(21), 'deeper than 20 levels'],
  ['an empty name', { a: { '': 1 } }, 'a. has an empty name'],
  ['a reserved name', { a: { __b__: 1 } }, 'a.__b__ has a reserved name'],
  ['an own __proto__', JSON.parse('{"a":{"__proto__":1}}'), '__proto__ has a reserved name'],
  ['a name over 1,500 bytes', { ['ü'.repeat(751)]: 1 }, 'a name longer than 1500 bytes'],
  ['a value over 1,048,487 bytes', { a: 'x'.repeat(1_048_488) }, 'a takes 1048488 bytes'],
  ['a list at the top', [1], 'is a list'],
];

const NOT_PATHS = [
  '',
  'a',
  'a/',
  '/a',
  'a//b',
  'a/.',
  'a/..',
  'a/__x__',
  '__x__/a',
  'a/b/c',
  'a/\ud800',
  `a/${'x'.repeat(1501)}`,
];

/** What the contract says must be refused before anything is sent. */
export function describeRefusals(opened: Opened): void {
  const freshPath = (): string => `contract_${randomUUID()}/one`;
  const commit = (...writes: readonly Write[]): Promise<string> => opened.documents.commit(writes);

  describe('refusing', () => {
    test.each(NOT_DOCUMENTS)('%s is refused by name', async (_name, bad, message) => {
      const path = freshPath();
      // What arrives at run time is not always what the types promise.
      const data: DocumentData = Object(bad);
      await expect(commit({ kind: 'create', path, data })).rejects.toThrow(message);
      expect(await codeOf(commit({ kind: 'set', path, data }))).toBe('invalid');
      expect(await opened.documents.get(path)).toBeUndefined();
    });

    test.each<[string, string, DocumentData]>([
      ['20 levels', 'c/levels', nested(20)],
      ['names of 1,500 bytes and of underscores only', 'c/names', { ['ü'.repeat(750)]: '__', ____: 1 }],
      // The path and the name are short, so that the whole is not over 1 MiB.
      ['a value of 1,048,487 bytes', 'c/v', { a: 'x'.repeat(1_048_487) }],
    ])('%s are accepted', async (_name, path, data) => {
      await commit({ kind: 'set', path, data });
      expect((await opened.other.get(path))?.data).toEqual(data);
    });

    test('a document of exactly 1 MiB is accepted, and one byte more is refused', async () => {
      const path = `contract_${randomUUID()}/${'i'.repeat(10)}`;
      const name = path.length + 1 + 16;
      const map = { m: { k: 1, when: new Date(0), list: [true, null, 'ü'] } };
      const mapBytes = 2 + (2 + 8) + (5 + 8) + (5 + 1 + 1 + 3);
      const rest = 1024 * 1024 - 32 - name - mapBytes - (2 + 600_001) - (2 + 1);
      const data = { ...map, a: 'x'.repeat(600_000), b: 'x'.repeat(rest) };
      await commit({ kind: 'set', path, data });
      await expect(commit({ kind: 'set', path, data: { ...data, b: `${data.b}x` } })).rejects.toThrow('1048577 bytes');
    });

    test.each(NOT_PATHS)('the document path %j is refused', async (path) => {
      expect(await codeOf(opened.documents.get(path))).toBe('invalid');
      expect(await codeOf(commit({ kind: 'set', path, data: {} }))).toBe('invalid');
    });

    test('a commit over 3.5 MiB is refused before it is sent', async () => {
      const writes = Array.from(
        { length: 4 },
        () => ({ kind: 'create', path: freshPath(), data: { a: 'x'.repeat(920_000) } }) as const,
      );
      await expect(commit(...writes)).rejects.toThrow('split it');
      await commit(...writes.slice(0, 3));
    });

    test('updates that make no sense are refused', async () => {
      const path = freshPath();
      await commit({ kind: 'create', path, data: { a: 1 } });
      const update = (...fields: readonly (readonly string[])[]): Promise<string> =>
        commit({ kind: 'update', path, changes: fields.map((field) => ({ field, value: 1 })) });
      for (const fields of [[], [[]], [['']], [['a', '__b__']], [['a'], ['a']], [['a', 'b'], ['a']]]) {
        expect(await codeOf(update(...fields))).toBe('invalid');
      }
      expect(await codeOf(update(Array.from({ length: 21 }, () => 'x')))).toBe('invalid');
      expect(await codeOf(commit())).toBe('invalid');
      expect(await codeOf(commit({ kind: 'delete', path }, { kind: 'set', path, data: {} }))).toBe('invalid');
    });

    test('a value nested too deeply by an update is refused', async () => {
      const path = freshPath();
      await commit({ kind: 'create', path, data: {} });
      const change = (levels: number): Promise<string> =>
        commit({ kind: 'update', path, changes: [{ field: ['a', 'b'], value: nested(levels) }] });
      await expect(change(19)).rejects.toThrow('deeper than 20 levels');
      await change(18);
    });

    test.each<[string, Omit<Query, 'collection'>]>([
      ['a limit of 0', { limit: 0 }],
      ['half a limit', { limit: 1.5 }],
      ['a range with null', { where: [{ field: 'a', op: '<', value: null }] }],
      ['an empty in', { where: [{ field: 'a', op: 'in', value: [] }] }],
      ['31 values', { where: [{ field: 'a', op: 'in', value: Array.from({ length: 31 }, (_, n) => n) }] }],
      ['null among values', { where: [{ field: 'a', op: 'in', value: [null] }] }],
      [
        'two lists to look into',
        {
          where: [
            { field: 'a', op: 'array-contains', value: 1 },
            { field: 'b', op: 'array-contains', value: 1 },
          ],
        },
      ],
      ['a map', { where: [{ field: 'a', op: '==', value: { b: 1 } }] }],
      ['NaN', { where: [{ field: 'a', op: '==', value: NaN }] }],
      ['a text that no index holds', { where: [{ field: 'a', op: '==', value: 'x'.repeat(1_401) }] }],
      ['an empty field', { where: [{ field: '', op: '==', value: 1 }] }],
      ['a quoted field', { orderBy: [{ field: 'a"b', direction: 'asc' }] }],
      ['a cursor of the wrong length', { startAfter: { values: [1], id: 'x' } }],
    ])('a query with %s is refused', async (_name, query) => {
      expect(await codeOf(opened.documents.query({ collection: 'contract', ...query }))).toBe('invalid');
    });

    test('a query of a document and sums of a limited query are refused', async () => {
      expect(await codeOf(opened.documents.query({ collection: 'a/b' }))).toBe('invalid');
      expect(await codeOf(opened.documents.aggregate({ collection: 'a', limit: 1 }, ['n']))).toBe('invalid');
    });
  });
}

function nested(levels: number): DocumentData {
  return levels === 1 ? { a: 1 } : { a: nested(levels - 1) };
}
