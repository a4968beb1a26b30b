import { afterEach, expect, test } from 'vitest';
import {
  DELETE_FIELD,
  type DocumentData,
  type DocumentValue,
  type OrderBy,
  type Query,
  type Where,
  type Write,
} from '#ports/documents/documents.ts';
import { sqliteDocuments } from './documents.ts';

const INDEXED = 'playbook_executions';
const PLAIN = 'not_indexed';
const opened = new Set<ReturnType<typeof sqliteDocuments>>();

afterEach(async () => {
  await Promise.all([...opened].map((documents) => documents.close()));
  opened.clear();
});

/** Two collections that always hold the same: one with entries of its lists, and one without. */
function twins() {
  const documents = sqliteDocuments({ file: ':memory:' });
  opened.add(documents);

  async function found(collection: string, query: Omit<Query, 'collection'>) {
    const stored = await documents.query({ collection, ...query });
    return stored.map(({ id, data }) => ({ id, data }));
  }

  return {
    documents,
    async write(...writes: readonly Write[]) {
      const of = (collection: string) => writes.map((write) => ({ ...write, path: `${collection}/${write.path}` }));
      await documents.commit([...of(INDEXED), ...of(PLAIN)]);
    },
    /** The ids found, after both collections gave the same documents. */
    async ids(query: Omit<Query, 'collection'>) {
      const answer = await found(INDEXED, query);
      expect(answer).toEqual(await found(PLAIN, query));
      return answer.map(({ id }) => id);
    },
  };
}

function holds(value: DocumentValue): Where {
  return { field: 'facets', op: 'array-contains', value };
}

const create = (path: string, data: DocumentData): Write => ({ kind: 'create', path, data });
const startedAt = (n: number): Date => new Date(Date.UTC(2026, 10, 20, n));
const NEWEST: readonly OrderBy[] = [{ field: 'startedAt', direction: 'desc' }];

test('the entries of a list follow every kind of write', async () => {
  const { write, ids } = twins();
  const linus = { where: [holds('agent:linus')], orderBy: NEWEST };
  await write(create('a', { startedAt: startedAt(1), facets: ['agent:linus', 'word:x', 'agent:linus'] }));
  await write(create('b', { startedAt: startedAt(2), facets: ['word:x'] }), create('c', { startedAt: startedAt(3) }));
  expect(await ids(linus)).toEqual(['a']);
  await write({ kind: 'update', path: 'b', changes: [{ field: ['facets'], value: ['agent:linus'] }] });
  expect(await ids(linus)).toEqual(['b', 'a']);
  await write({ kind: 'update', path: 'a', changes: [{ field: ['startedAt'], value: startedAt(9) }] });
  expect(await ids(linus)).toEqual(['a', 'b']);
  await write({ kind: 'merge', path: 'c', changes: [{ field: ['facets'], value: ['agent:linus'] }] });
  expect(await ids(linus)).toEqual(['a', 'c', 'b']);
  await write({ kind: 'set', path: 'a', data: { startedAt: startedAt(1), facets: 'agent:linus' } });
  expect(await ids(linus)).toEqual(['c', 'b']);
  await write({ kind: 'update', path: 'c', changes: [{ field: ['facets'], value: DELETE_FIELD }] });
  expect(await ids(linus)).toEqual(['b']);
  await write({ kind: 'delete', path: 'b' });
  expect(await ids(linus)).toEqual([]);
  await write(create('b', { startedAt: startedAt(2), facets: ['word:x'] }));
  expect(await ids(linus)).toEqual([]);
});

test('a commit that fails leaves the entries as they were', async () => {
  const { documents, write, ids } = twins();
  await write(create('a', { startedAt: startedAt(1), facets: ['x'] }));
  const changes = [{ field: ['facets'], value: ['y'] }];
  const failing = documents.commit([
    { kind: 'update', path: `${INDEXED}/a`, changes },
    { kind: 'update', path: `${INDEXED}/none`, changes },
  ]);
  await expect(failing).rejects.toMatchObject({ code: 'not_found' });
  expect(await ids({ where: [holds('x')] })).toEqual(['a']);
  expect(await ids({ where: [holds('y')] })).toEqual([]);
});

test('a document without the field of the order is found where the order is not asked for', async () => {
  const { write, ids } = twins();
  await write(create('a', { facets: ['x'] }), create('b', { startedAt: null, facets: ['x'] }));
  expect(await ids({ where: [holds('x')] })).toEqual(['a', 'b']);
  expect(await ids({ where: [holds('x')], orderBy: NEWEST })).toEqual(['b']);
});

test.each<[string, DocumentValue, readonly string[]]>([
  ['a text', 'x', ['texts']],
  ['a text that looks like an instant', '@2026-11-20T01:00:00.000Z', ['texts']],
  ['an instant', startedAt(1), ['mixed']],
  ['a number', 1, ['mixed']],
  ['true', true, ['mixed']],
  ['the text of a number', '1', []],
])('a list is searched for %s', async (_name, value, expected) => {
  const { write, ids } = twins();
  await write(create('texts', { facets: ['x', '@2026-11-20T01:00:00.000Z', ''] }));
  await write(create('mixed', { facets: [1, true, null, { x: 'x' }, startedAt(1)] }));
  expect(await ids({ where: [holds(value)] })).toEqual(expected);
});

test('ranges, other conditions, pages, orders and counts are those of any other query', async () => {
  const { documents, write, ids } = twins();
  const all = Array.from({ length: 40 }, (_, n) =>
    create(`e${(n * 7) % 40}`, {
      startedAt: startedAt(Math.floor(n / 3)),
      status: n % 4 === 0 ? 'failed' : 'succeeded',
      facets: [`third:${n % 3}`, 'all'],
    }),
  );
  await write(...all);
  const third = [holds('third:1')];
  const within: Where[] = [
    { field: 'startedAt', op: '>=', value: startedAt(2) },
    { field: 'startedAt', op: '<', value: startedAt(9) },
  ];
  const failed: Where = { field: 'status', op: '==', value: 'failed' };
  const some = await ids({ where: [...third, ...within], orderBy: NEWEST });
  expect(some).toHaveLength(7);
  expect(await ids({ where: [...third, ...within], orderBy: [{ field: 'startedAt', direction: 'asc' }] })).toEqual(
    some.toReversed(),
  );
  expect(await ids({ where: [holds('all'), failed], orderBy: NEWEST, select: ['status'] })).toHaveLength(10);
  expect(await ids({ where: [holds('all')], orderBy: [{ field: 'status', direction: 'asc' }], limit: 3 })).toHaveLength(
    3,
  );

  const paged: string[] = [];
  let after: Pick<Query, 'startAfter'> = {};
  for (let page = 0; page < 9; page += 1) {
    const query = { where: [holds('all')], orderBy: NEWEST, limit: 5, ...after };
    paged.push(...(await ids(query)));
    const last = (await documents.query({ collection: INDEXED, ...query })).at(-1);
    if (last !== undefined) after = { startAfter: { values: [last.data['startedAt'] ?? null], id: last.id } };
  }
  expect(new Set(paged).size).toBe(40);
  expect(paged).toEqual(await ids({ where: [holds('all')], orderBy: NEWEST }));
  expect((await documents.aggregate({ collection: INDEXED, where: [...third, failed] })).count).toBe(3);
});
