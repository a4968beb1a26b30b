import { describe, expect, test } from 'vitest';
import type { FailureCode } from '#core/failure.ts';
import { DocumentsError, type DocumentsErrorCode } from '#ports/documents/documents.ts';
import { reachable, type Telling } from './reachable.ts';

const THREAD: Telling = { what: 'The thread could not be stored', invalid: 'input_invalid' };

describe('a failure of the database', () => {
  test.each<[DocumentsErrorCode, string, FailureCode, string]>([
    ['unavailable', 'No answer.', 'unavailable', 'No answer.'],
    ['conflict', 'Somebody was faster.', 'unavailable', 'Somebody was faster.'],
    ['already_exists', 'a/b exists.', 'unavailable', 'a/b exists.'],
    ['not_found', 'There is no a/b.', 'unavailable', 'There is no a/b.'],
    ['denied', 'No permission.', 'unauthenticated', 'The database refuses access: No permission.'],
    ['invalid', 'The query requires an index.', 'unconfigured', 'The query requires an index.'],
    ['invalid', 'a/b is too large.', 'internal', 'The database refused a record: a/b is too large.'],
  ])('that is %s (%s) is reported as %s', async (databaseCode, words, code, message) => {
    const cause = new DocumentsError(databaseCode, words);

    await expect(reachable(Promise.reject(cause))).rejects.toMatchObject({ code, message, cause });
  });

  test.each<[DocumentsErrorCode, FailureCode, string]>([
    ['unavailable', 'unavailable', 'The thread could not be stored: Why.'],
    ['denied', 'unauthenticated', 'The database refuses access: Why.'],
    ['invalid', 'input_invalid', 'The thread could not be stored: Why.'],
  ])('that is %s says what could not be done, and has the code %s', async (databaseCode, code, message) => {
    const failing = reachable(Promise.reject(new DocumentsError(databaseCode, 'Why.')), THREAD);

    await expect(failing).rejects.toMatchObject({ code, message });
  });

  test('is not made of an error of ours', async () => {
    await expect(reachable(Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError);
  });
});
