import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { interleaved } from '#testing/builders/interleaved-documents.ts';
import { contactPath, reserveContact, type ContactWish } from './contact-reservation.ts';

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

describe('a reservation', () => {
  const DAYS_MS = 30 * 86_400_000;
  const until = new Date(NOW.getTime() + DAYS_MS);

  test('says for whom, from when and until when, and is deleted no sooner than it ends', async () => {
    await reserveContact(documents, 'c1', wish);

    const expected = { executionId: 'e1', idempotencyKey: 'e1/draft', reservedAt: NOW, until, expireAt: until };
    expect((await documents.get(contactPath('c1')))?.data).toEqual(expected);
  });

  test.each([
    [DAYS_MS - 1, false],
    [DAYS_MS, true],
    [DAYS_MS + 1, true],
  ])('gives the customer to another execution %i ms later: %s', async (ms, reserved) => {
    await reserveContact(documents, 'c1', wish);

    const now = new Date(NOW.getTime() + ms);
    expect(await reserveContact(documents, 'c1', { ...wish, executionId: 'e2', now })).toMatchObject({ reserved });
    const holder = (await documents.get(contactPath('c1')))?.data['executionId'];
    expect(holder).toBe(reserved ? 'e2' : 'e1');
  });

  test('that has run out and is taken again begins and ends anew', async () => {
    await reserveContact(documents, 'c1', wish);
    const again = { executionId: 'e2', idempotencyKey: 'e2/draft', everyDays: 1, now: new Date(until.getTime() + 5) };

    await reserveContact(documents, 'c1', again);

    const ends = new Date(again.now.getTime() + 86_400_000);
    const { executionId, idempotencyKey, now: reservedAt } = again;
    const expected = { executionId, idempotencyKey, reservedAt, until: ends, expireAt: ends };
    expect((await documents.get(contactPath('c1')))?.data).toEqual(expected);
  });

  test.each(['c1', 'c2'])('of one customer is none of another: %s', async (customer) => {
    await reserveContact(documents, 'c1', wish);

    const other = await reserveContact(documents, customer, { ...wish, executionId: 'e2' });
    expect(other.reserved).toBe(customer === 'c2');
  });
});

describe('while a customer is reserved', () => {
  const ranOut = { ...wish, executionId: 'e0', now: new Date(NOW.getTime() - 31 * 86_400_000) };

  test('a reservation that ran out may be deleted, and the customer is reserved all the same', async () => {
    await reserveContact(documents, 'c1', ranOut);
    const deleted = () => documents.commit([{ kind: 'delete', path: contactPath('c1') }]);

    expect(await reserveContact(interleaved(documents, deleted), 'c1', wish)).toMatchObject({ reserved: true });
    expect((await documents.get(contactPath('c1')))?.data).toMatchObject({ executionId: 'e1' });
  });

  test('another execution may take what ran out, and keeps it', async () => {
    await reserveContact(documents, 'c1', ranOut);
    const taken = () => reserveContact(documents, 'c1', { ...wish, executionId: 'e2' });

    expect(await reserveContact(interleaved(documents, taken), 'c1', wish)).toMatchObject({
      reserved: false,
      executionId: 'e2',
    });
  });
});
