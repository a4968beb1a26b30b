import { describe, expect, test } from 'vitest';
import { DocumentsError } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { isBusy } from './failure.ts';
import { BUSY_LIMIT_MS, waitWhileBusy } from './wait-while-busy.ts';

function sqliteError(errcode: number): Error {
  return Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode });
}

/** Waits on an action that fails with these errors, one each, and then succeeds. */
async function waitedOn(errors: readonly unknown[], limitMs = BUSY_LIMIT_MS) {
  const clock = fakeClock();
  const startMs = clock.now().getTime();
  let tries = 0;
  const left = [...errors];
  const result = await waitWhileBusy({ clock, file: 'a.sqlite', limitMs }, () => {
    tries += 1;
    if (left.length > 0) throw left.shift();
    return 'done';
  }).catch((thrown: unknown) => thrown);
  return { result, tries, waitedMs: clock.now().getTime() - startMs };
}

describe('a file that another process has locked', () => {
  test.each([
    ['SQLITE_BUSY', 5],
    ['SQLITE_BUSY_RECOVERY', 261],
    ['SQLITE_BUSY_SNAPSHOT', 517],
    ['SQLITE_BUSY_TIMEOUT', 773],
  ])('is waited for, whatever kept it locked: %s', async (_, errcode) => {
    expect(isBusy(sqliteError(errcode))).toBe(true);
    expect(await waitedOn([sqliteError(errcode), sqliteError(errcode)])).toMatchObject({ result: 'done', tries: 3 });
  });

  test.each([
    ['SQLITE_ERROR', 1],
    ['SQLITE_PERM', 3],
    ['SQLITE_LOCKED', 6],
    ['SQLITE_LOCKED_SHAREDCACHE', 262],
    ['SQLITE_IOERR', 10],
    ['SQLITE_IOERR_BLOCKED', 2826],
    ['SQLITE_CORRUPT', 11],
    ['SQLITE_FULL', 13],
    ['SQLITE_CONSTRAINT', 19],
    ['SQLITE_NOTADB', 26],
  ])('is not what %s says, which is thrown at once', async (_, errcode) => {
    expect(isBusy(sqliteError(errcode))).toBe(false);
    expect(await waitedOn([sqliteError(errcode)])).toMatchObject({
      result: { code: 'unavailable', cause: { errcode } },
      tries: 1,
      waitedMs: 0,
    });
  });

  test.each([
    ['an error of ours', new DocumentsError('conflict', 'It changed.')],
    ['a bug', new TypeError('x is not a function')],
    ['a text with the same number', Object.assign(new Error('5'), { code: 5 })],
  ])('is not what %s says, which is thrown unchanged', async (_, thrown) => {
    expect(await waitedOn([thrown])).toEqual({ result: thrown, tries: 1, waitedMs: 0 });
  });

  test.each([1, 4, 700, BUSY_LIMIT_MS])('is given up after exactly its limit: %i ms', async (limitMs) => {
    const locked = Array.from({ length: 10_000 }, () => sqliteError(5));

    const { result, waitedMs } = await waitedOn(locked, limitMs);

    expect(waitedMs).toBe(limitMs);
    expect(result).toMatchObject({ code: 'unavailable', mayBeApplied: false, cause: locked[0] });
  });

  test('is waited for five seconds, and at least every twentieth of a second it is looked at again', async () => {
    const locked = Array.from({ length: 10_000 }, () => sqliteError(5));

    const { result, tries, waitedMs } = await waitedOn(locked);

    expect(waitedMs).toBe(5_000);
    expect(tries).toBeGreaterThan(5_000 / 50);
    expect(result).toMatchObject({ message: expect.stringContaining('kept it locked for 5 seconds. Nothing was') });
  });
});
