import { expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { countedDocuments } from './counted-documents.ts';

test('round trips, reads and writes are counted, and reset starts again from 0', async () => {
  const documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  await documents.commit([
    { kind: 'create', path: 'c/a', data: { n: 1 } },
    { kind: 'create', path: 'c/b', data: { n: 2 } },
  ]);
  await documents.get('c/a');
  await documents.get('c/none');
  await documents.query({ collection: 'c' });
  await documents.aggregate({ collection: 'c' });
  expect(documents.counts()).toEqual({ roundTrips: 5, reads: 4, writes: 2 });
  documents.reset();
  expect(documents.counts()).toEqual({ roundTrips: 0, reads: 0, writes: 0 });
  await documents.close();
});

test('a failing commit is counted and still fails', async () => {
  const documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  const update = { kind: 'update', path: 'c/none', changes: [{ field: ['n'], value: 1 }] } as const;
  await expect(documents.commit([update])).rejects.toMatchObject({ code: 'not_found' });
  expect(documents.counts()).toEqual({ roundTrips: 1, reads: 0, writes: 1 });
  await documents.close();
});

test('selected fields count as one read, like the full document', async () => {
  const documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  await documents.commit([{ kind: 'create', path: 'c/a', data: { n: 1 } }]);
  documents.reset();
  await documents.query({ collection: 'c', select: ['none'] });
  expect(documents.counts()).toEqual({ roundTrips: 1, reads: 1, writes: 0 });
  await documents.close();
});

test('a watch reads its first answer, then the changed documents', async () => {
  const documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  await documents.commit([
    { kind: 'create', path: 'c/a', data: { n: 1 } },
    { kind: 'create', path: 'c/b', data: { n: 1 } },
  ]);
  documents.reset();
  const answers = watched(documents);
  await answers.next();
  expect(documents.counts()).toEqual({ roundTrips: 0, reads: 2, writes: 0 });
  await documents.commit([{ kind: 'set', path: 'c/b', data: { n: 2 } }]);
  await answers.next();
  await documents.commit([{ kind: 'delete', path: 'c/a' }]);
  await answers.next();
  expect(documents.counts()).toEqual({ roundTrips: 2, reads: 3, writes: 2 });
  await documents.close();
});

/** Watches the collection `c`; `next` resolves as soon as there is a new answer. */
function watched(documents: Documents): { next(): Promise<void> } {
  let waiting = Promise.withResolvers<void>();
  documents.watch(
    { collection: 'c' },
    () => waiting.resolve(),
    (error) => waiting.reject(error),
  );
  return {
    async next() {
      await waiting.promise;
      waiting = Promise.withResolvers();
    },
  };
}
