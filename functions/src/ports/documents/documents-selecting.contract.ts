import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, type Opened } from './opened-documents.contract.ts';
import type { DocumentData, Query } from './documents.ts';

const DOCUMENTS: Readonly<Record<string, DocumentData>> = {
  a: { n: 1, kind: 'x', map: { deep: { at: new Date(5) }, list: ['@'] }, large: 'y'.repeat(50_000) },
  b: { n: 2, kind: 'x', nothing: null, no: false },
  c: { n: 3, kind: 'y', 'a.b': 'dotted', large: 'y'.repeat(50_000) },
};

/** What the contract says about reading only some fields. */
export function describeSelecting(opened: Opened): void {
  async function filled(): Promise<string> {
    const collection = `contract_${randomUUID()}`;
    await opened.documents.commit(
      Object.entries(DOCUMENTS).map(([id, data]) => ({ kind: 'create', path: `${collection}/${id}`, data })),
    );
    return collection;
  }

  async function answer(query: Omit<Query, 'collection'>): Promise<readonly (readonly [string, DocumentData])[]> {
    const found = await opened.documents.query({ collection: await filled(), ...query });
    return found.map(({ id, data }) => [id, data] as const);
  }

  describe('selecting fields', () => {
    test('only the selected fields are in the answer, whole and in their types', async () => {
      expect(await answer({ select: ['map', 'nothing', 'no'] })).toEqual([
        ['a', { map: DOCUMENTS['a']?.['map'] }],
        ['b', { nothing: null, no: false }],
        ['c', {}],
      ]);
    });

    test('a document that has none of the fields is there, and so are all where no field is selected', async () => {
      const empty = ['a', 'b', 'c'].map((id) => [id, {}]);
      expect(await answer({ select: ['none'] })).toEqual(empty);
      expect(await answer({ select: [] })).toEqual(empty);
    });

    test('a name is that of one field, whatever it holds, and may be given twice', async () => {
      expect((await answer({ select: ['a.b', 'a.b', 'map.deep', 'constructor'] })).map(([, data]) => data)).toEqual([
        {},
        {},
        { 'a.b': 'dotted' },
      ]);
    });

    test('what is not selected still filters, orders and pages', async () => {
      const query: Omit<Query, 'collection'> = {
        where: [{ field: 'n', op: '>=', value: 1 }],
        orderBy: [{ field: 'n', direction: 'desc' }],
        limit: 1,
        select: ['kind'],
      };
      expect(await answer(query)).toEqual([['c', { kind: 'y' }]]);
      expect(await answer({ ...query, startAfter: { values: [2], id: 'b' } })).toEqual([['a', { kind: 'x' }]]);
    });

    test('a selected document has its path and its version', async () => {
      const collection = await filled();
      const [selected] = await opened.documents.query({ collection, select: ['n'], limit: 1 });
      const { path, id, updateTime, updatedAt } = (await opened.documents.get(`${collection}/a`)) ?? {};
      expect(selected).toMatchObject({ path, id, updateTime, updatedAt, data: { n: 1 } });
    });

    test('a count does not mind what is selected', async () => {
      const query = { collection: await filled(), select: ['none'] };
      expect(await opened.documents.aggregate(query, ['n'])).toEqual({ count: 3, sums: { n: 6 } });
    });

    test('a watcher is told of the selected fields, also of a change', async () => {
      const collection = await filled();
      const answers: (readonly DocumentData[])[] = [];
      const { promise: told, resolve, reject } = Promise.withResolvers<void>();
      const query: Query = { collection, where: [{ field: 'kind', op: '==', value: 'x' }], select: ['n', 'map'] };
      const stop = opened.documents.watch(
        query,
        (found) => {
          answers.push(found.map(({ data }) => data));
          if (answers.length === 1) {
            const changes = [{ field: ['n'], value: 7 }];
            opened.other.commit([{ kind: 'update', path: `${collection}/b`, changes }]).catch(reject);
          } else resolve();
        },
        reject,
      );
      await told;
      stop();
      const first = { n: 1, map: DOCUMENTS['a']?.['map'] };
      expect(answers).toEqual([
        [first, { n: 2 }],
        [first, { n: 7 }],
      ]);
    });

    test.each(['', '__n__', 'a"b', 'a`b'])('the selected name %j is refused', async (name) => {
      expect(await codeOf(opened.documents.query({ collection: 'contract', select: [name] }))).toBe('invalid');
    });
  });
}
