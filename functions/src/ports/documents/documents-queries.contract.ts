import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Opened } from './opened-documents.contract.ts';
import type { DocumentData, DocumentValue, Query, Where } from './documents.ts';

const OF_EVERY_TYPE: Readonly<Record<string, DocumentData>> = {
  missing: {},
  nothing: { v: null },
  no: { v: false },
  yes: { v: true },
  minus: { v: -3 },
  half: { v: 0.5 },
  one: { v: 1 },
  early: { v: new Date(1) },
  late: { v: new Date('2026-11-20T14:00:00.000Z') },
  blank: { v: '' },
  sign: { v: '@' },
  signed: { v: '@2026-11-20T14:00:00.000Z' },
  capital: { v: 'Z' },
  small: { v: 'a' },
  umlaut: { v: 'ä' },
  list: { v: [1, 'a', true, 0.5, -2.25, new Date(7), '@x'] },
  map: { v: { a: 1 } },
};
const IN_ORDER = Object.keys(OF_EVERY_TYPE).filter((id) => id !== 'missing');

/** What the contract says about query and aggregate. */
export function describeQueries(opened: Opened): void {
  async function filled(documents: Readonly<Record<string, DocumentData>>): Promise<string> {
    const collection = `contract_${randomUUID()}`;
    const writes = Object.entries(documents).map(
      ([id, data]) => ({ kind: 'create', path: `${collection}/${id}`, data }) as const,
    );
    await opened.documents.commit(writes.toReversed());
    return collection;
  }

  async function ids(query: Query): Promise<readonly string[]> {
    return (await opened.documents.query(query)).map(({ id }) => id);
  }

  async function found(op: Where['op'], value: DocumentValue): Promise<readonly string[]> {
    return ids({ collection: await filled(OF_EVERY_TYPE), where: [{ field: 'v', op, value }] });
  }

  describe('querying', () => {
    test('a collection comes back by id, without the collections below its documents', async () => {
      const collection = await filled({ b: { n: 1 }, a: { n: 2 }, B: {}, 'a/sub/x': { n: 3 } });
      expect(await ids({ collection })).toEqual(['B', 'a', 'b']);
      expect(await ids({ collection: `${collection}/a/sub` })).toEqual(['x']);
      expect(await ids({ collection: `${collection}_none` })).toEqual([]);
    });

    test('a queried document is the same as a read one', async () => {
      const collection = await filled({ a: { when: new Date(5), list: ['@'] } });
      const [queried] = await opened.documents.query({ collection });
      const read = await opened.documents.get(`${collection}/a`);
      expect({ ...queried, readAt: null }).toEqual({ ...read, readAt: null });
    });

    test('values of all types have one order, and who lacks the field is absent', async () => {
      const collection = await filled(OF_EVERY_TYPE);
      expect(await ids({ collection, orderBy: [{ field: 'v', direction: 'asc' }] })).toEqual(IN_ORDER);
      expect(await ids({ collection, orderBy: [{ field: 'v', direction: 'desc' }] })).toEqual(IN_ORDER.toReversed());
    });

    test.each<[Where['op'], DocumentValue, readonly string[]]>([
      ['==', null, ['nothing']],
      ['==', true, ['yes']],
      ['==', 1, ['one']],
      ['==', '@', ['sign']],
      ['==', new Date(1), ['early']],
      ['==', '@2026-11-20T14:00:00.000Z', ['signed']],
      ['!=', null, IN_ORDER.filter((id) => id !== 'nothing')],
      ['!=', 1, IN_ORDER.filter((id) => id !== 'one' && id !== 'nothing')],
      ['<', 1, ['minus', 'half']],
      ['<=', 1, ['minus', 'half', 'one']],
      ['>', '@', ['signed', 'capital', 'small', 'umlaut']],
      ['>=', new Date(1), ['early', 'late']],
      ['>', false, ['yes']],
      ['in', [1, 'a', new Date(1), 'absent'], ['early', 'one', 'small']],
      ['array-contains', 'a', ['list']],
      ['array-contains', 1, ['list']],
      ['array-contains', true, ['list']],
      ['array-contains', 0.5, ['list']],
      ['array-contains', -2.25, ['list']],
      ['array-contains', new Date(7), ['list']],
      ['array-contains', '@x', ['list']],
      ['array-contains', '1', []],
      ['array-contains', false, []],
      ['array-contains', 0, []],
      ['array-contains', 2, []],
      ['array-contains', new Date(8), []],
      ['array-contains', '1970-01-01T00:00:00.007Z', []],
    ])('where v %s %j', async (op, value, expected) => {
      const result = await found(op, value);
      expect(op === 'in' ? result.toSorted() : result).toEqual(expected);
    });

    test('conditions combine, on nested fields too', async () => {
      const collection = await filled({
        a: { m: { n: 1 }, s: 'x' },
        b: { m: { n: 2 }, s: 'x' },
        c: { m: { n: 3 }, s: 'y' },
        d: { m: 3, s: 'x' },
      });
      const where: readonly Where[] = [
        { field: 's', op: '==', value: 'x' },
        { field: 'm.n', op: '>=', value: 1 },
      ];
      const orderBy = [{ field: 'm.n', direction: 'desc' }] as const;
      expect(await ids({ collection, where, orderBy })).toEqual(['b', 'a']);
    });

    test('a limit cuts the answer', async () => {
      const collection = await filled(OF_EVERY_TYPE);
      const orderBy = [{ field: 'v', direction: 'desc' }] as const;
      expect(await ids({ collection, orderBy, limit: 2 })).toEqual(['map', 'list']);
    });

    test('ties are ordered by id, in the direction of the last field', async () => {
      const collection = await filled({ c: { n: 1 }, a: { n: 1 }, b: { n: 2 } });
      expect(await ids({ collection, orderBy: [{ field: 'n', direction: 'asc' }] })).toEqual(['a', 'c', 'b']);
      expect(await ids({ collection, orderBy: [{ field: 'n', direction: 'desc' }] })).toEqual(['b', 'c', 'a']);
    });

    test.each([
      ['one field up', [['n', 'asc']]],
      ['one field down', [['n', 'desc']]],
      [
        'two fields the same way',
        [
          ['n', 'desc'],
          ['s', 'desc'],
        ],
      ],
      [
        'two fields in opposite ways',
        [
          ['n', 'desc'],
          ['s', 'asc'],
        ],
      ],
      ['no field at all', []],
    ] as const)('pages by cursor give every document once, in order: %s', async (_name, order) => {
      const entries = Array.from({ length: 23 }, (_, n) => [
        `d${String((n * 7) % 23).padStart(2, '0')}`,
        { n: n % 3 === 0 ? null : n % 4, s: n % 2 === 0 ? 'even' : new Date(n) },
      ]);
      const collection = await filled(Object.fromEntries(entries));
      const orderBy = order.map(([field, direction]) => ({ field, direction }));
      const paged: string[] = [];
      let page = await opened.documents.query({ collection, orderBy, limit: 4 });
      while (page.length > 0) {
        paged.push(...page.map(({ id }) => id));
        const last = page.at(-1);
        const startAfter = { values: order.map(([field]) => last?.data[field] ?? null), id: last?.id ?? '' };
        page = await opened.documents.query({ collection, orderBy, limit: 4, startAfter });
      }
      expect(paged).toHaveLength(23);
      expect(paged).toEqual(await ids({ collection, orderBy }));
    });
  });

  describe('counting and summing', () => {
    test('counts what a query would return and sums its numbers; who has none adds 0', async () => {
      const collection = await filled({
        a: { kind: 'x', usd: 1.5, n: { deep: 2 } },
        b: { kind: 'x', usd: 2 },
        c: { kind: 'x', usd: 'many' },
        d: { kind: 'y', usd: 100 },
      });
      const where: readonly Where[] = [{ field: 'kind', op: '==', value: 'x' }];
      expect(await opened.documents.aggregate({ collection, where }, ['usd', 'n.deep'])).toEqual({
        count: 3,
        sums: { usd: 3.5, 'n.deep': 2 },
      });
    });

    test.each<[string, DocumentValue]>([
      ['a text of digits', '7'],
      ['a text with a fraction', '7.5 USD'],
      ['an instant', new Date('2026-11-20T14:00:00.000Z')],
      ['true', true],
      ['null', null],
      ['a list', [7]],
      ['a map', { usd: 7 }],
    ])('%s in a summed field adds 0', async (_, usd) => {
      const collection = await filled({ a: { usd: 1.5 }, b: { usd }, c: { usd: -0.25 } });
      expect(await opened.documents.aggregate({ collection }, ['usd'])).toEqual({ count: 3, sums: { usd: 1.25 } });
    });

    test('sums go with ranges and lists of values', async () => {
      const collection = await filled({
        a: { at: new Date(1), status: 'paid', usd: 1 },
        b: { at: new Date(2), status: 'paid', usd: 2 },
        c: { at: new Date(3), status: 'open', usd: 4 },
        d: { at: new Date(4), status: 'void', usd: 8 },
        e: { at: new Date(5), status: 'paid', usd: 16 },
      });
      const where: readonly Where[] = [
        { field: 'status', op: 'in', value: ['paid', 'open'] },
        { field: 'at', op: '>=', value: new Date(2) },
        { field: 'at', op: '<', value: new Date(5) },
      ];
      expect(await opened.documents.aggregate({ collection, where }, ['usd'])).toEqual({ count: 2, sums: { usd: 6 } });
    });

    test('nothing counts and sums to 0', async () => {
      const query = { collection: `contract_${randomUUID()}` };
      expect(await opened.documents.aggregate(query, ['n'])).toEqual({ count: 0, sums: { n: 0 } });
    });

    test('a limit bounds the count', async () => {
      const collection = await filled({ a: {}, b: {}, c: {} });
      expect(await opened.documents.aggregate({ collection, limit: 2 })).toEqual({ count: 2, sums: {} });
    });
  });
}
