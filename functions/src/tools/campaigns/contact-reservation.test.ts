import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { reserveContact, type ContactWish } from './contact-reservation.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');
const wish: ContactWish = { executionId: 'e1', idempotencyKey: 'e1/draft', everyDays: 30, now: NOW };

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

/** A database whose commits end like this, whether they arrive or not. */
function ending(error: DocumentsError, arrives: boolean): Documents & { readonly tries: () => number } {
  let tries = 0;
  return {
    ...documents,
    tries: () => tries,
    async commit(writes) {
      tries += 1;
      if (arrives) await documents.commit(writes);
      throw error;
    },
  };
}

describe('a reservation whose answer was lost', () => {
  test('is found where it was made', async () => {
    const lost = ending(new DocumentsError('unavailable', 'No answer came.'), true);
    expect(await reserveContact(lost, 'c1', wish)).toEqual({ reserved: true, at: NOW, key: 'e1/draft' });
    expect(lost.tries()).toBe(1);
  });

  test('ends with the reason where it was not made, and is not repeated without a check', async () => {
    const lost = ending(new DocumentsError('unavailable', 'No answer came.'), false);
    await expect(reserveContact(lost, 'c1', wish)).rejects.toThrow('No answer came.');
    expect(lost.tries()).toBe(1);
  });

  test('ends immediately where the database says that it did not happen', async () => {
    const locked = ending(new DocumentsError('unavailable', 'It is locked.', { mayBeApplied: false }), false);
    await expect(reserveContact(locked, 'c1', wish)).rejects.toThrow('It is locked.');
    expect(locked.tries()).toBe(1);
  });
});

test('a customer whom another execution reserved at the same moment is not reserved', async () => {
  let isFirst = true;
  const raced: Documents = {
    ...documents,
    async commit(writes) {
      if (isFirst) await reserveContact(documents, 'c1', { ...wish, executionId: 'e2' });
      isFirst = false;
      return documents.commit(writes);
    },
  };
  expect(await reserveContact(raced, 'c1', wish)).toMatchObject({ reserved: false, executionId: 'e2' });
});
