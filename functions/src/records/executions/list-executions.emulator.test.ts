import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { aFailedExecution, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { countedDocuments } from '#testing/builders/counted-documents.ts';
import { listExecutions } from './list-executions.ts';

const minute = (index: number): Date => new Date(Date.parse('2026-11-20T12:00:00.000Z') + index * 60_000);
const firestore = firestoreDocuments({ projectId: `demo-list-${randomUUID().slice(0, 8)}` });
const documents = countedDocuments(firestore);

afterAll(() => documents.close());

test('Firestore lists executions by facet and page as SQLite does, and reads no more', async () => {
  for (let index = 0; index < 12; index += 1) {
    const build = index % 3 === 0 ? aFailedExecution : aSucceededExecution;
    await storeExecution(documents, build(minute(index), { id: `e${index}`, agents: ['linus'] }));
  }
  documents.reset();

  const first = await listExecutions(documents, { text: 'mailjet' }, { limit: 2 });
  const second = await listExecutions(documents, { text: 'mailjet' }, { limit: 2, after: first.next });
  const sifted = await listExecutions(
    documents,
    { agent: 'linus', status: 'succeeded', from: minute(4), to: minute(9) },
    { limit: 10 },
  );

  expect(first.executions.map(({ id }) => id)).toEqual(['e9', 'e6']);
  expect(second).toMatchObject({ executions: [{ id: 'e3' }, { id: 'e0' }], next: undefined });
  expect(sifted.executions.map(({ id }) => id)).toEqual(['e8', 'e7', 'e5', 'e4']);
  expect(first.executions[0]).not.toHaveProperty('steps');
  expect(documents.counts()).toMatchObject({ roundTrips: 3, reads: 3 + 2 + 5 });
});
