import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { countedDocuments } from '#testing/builders/counted-documents.ts';
import { company } from './company.ts';
import { seedCompany } from './seed-company.ts';

const NOW = new Date('2026-11-20T14:05:00.000Z');
const LATER = new Date('2026-11-22T14:05:00.000Z');

function database() {
  return countedDocuments(sqliteDocuments({ file: ':memory:' }));
}

describe('the demo company', () => {
  test('is the same for the same instant', () => {
    expect(company(NOW)).toEqual(company(NOW));
  });

  test('has the same documents at another instant', () => {
    const ids = (now: Date) => Object.values(company(now)).map((found) => found.map(({ id }) => id));
    expect(ids(LATER)).toEqual(ids(NOW));
  });

  test('is written once', async () => {
    const documents = database();
    expect(await seedCompany(documents, NOW)).toMatchObject({ status: 'seeded' });
    documents.reset();
    expect(await seedCompany(documents, NOW)).toEqual({ status: 'present', documents: 0 });
    expect(documents.counts()).toEqual({ roundTrips: 1, reads: 1, writes: 0 });
  });

  test('is moved to the present once it is old', async () => {
    const documents = database();
    await seedCompany(documents, NOW);
    expect(await seedCompany(documents, LATER)).toMatchObject({ status: 'refreshed' });
    const { id, ...expected } = company(LATER).users[0] ?? { id: '' };
    expect((await documents.get(`users/${id}`))?.data).toEqual(expected);
    expect((await documents.aggregate({ collection: 'users' })).count).toBe(company(LATER).users.length);
  });

  test('is completed after an interruption', async () => {
    const documents = database();
    let commits = 0;
    const breaking = {
      ...documents,
      commit: async (writes: Parameters<typeof documents.commit>[0]) => {
        commits += 1;
        if (commits > 3) throw new Error('The power is gone.');
        return documents.commit(writes);
      },
    };
    await expect(seedCompany(breaking, NOW)).rejects.toThrow('The power is gone.');
    expect(await seedCompany(documents, NOW)).toMatchObject({ status: 'seeded' });
    expect((await documents.aggregate({ collection: 'logs' })).count).toBe(company(NOW).logs.length);
  });

  test('is never written into a database with other users', async () => {
    const documents = database();
    await documents.commit([{ kind: 'create', path: 'users/real', data: { name: 'A real customer' } }]);
    await expect(seedCompany(documents, NOW)).rejects.toMatchObject({ code: 'rejected' });
    expect((await documents.aggregate({ collection: 'users' })).count).toBe(1);
  });
});
