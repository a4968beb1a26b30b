import { expect, test } from 'vitest';
import { sqliteDocuments } from '../adapters/sqlite/documents.ts';
import { countedDocuments } from './counted-documents.ts';

test('round trips, documents read and documents written are counted, and reset starts again', async () => {
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

test('a commit that fails is counted and fails as before', async () => {
  const documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  const update = { kind: 'update', path: 'c/none', changes: [{ field: ['n'], value: 1 }] } as const;
  await expect(documents.commit([update])).rejects.toMatchObject({ code: 'not_found' });
  expect(documents.counts()).toEqual({ roundTrips: 1, reads: 0, writes: 1 });
  await documents.close();
});
