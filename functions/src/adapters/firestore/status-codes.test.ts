import { describe, expect, test } from 'vitest';
import { asDocumentsError } from './failure.ts';

/** What each status means, for a read and for a commit. */
const STATUSES: readonly (readonly [name: string, status: number, read: string, commit: string])[] = [
  ['CANCELLED', 1, 'unavailable', 'unavailable'],
  ['UNKNOWN', 2, 'unavailable', 'unavailable'],
  ['INVALID_ARGUMENT', 3, 'invalid', 'invalid'],
  ['DEADLINE_EXCEEDED', 4, 'unavailable', 'unavailable'],
  ['NOT_FOUND', 5, 'unavailable', 'not_found'],
  ['ALREADY_EXISTS', 6, 'already_exists', 'already_exists'],
  ['PERMISSION_DENIED', 7, 'denied', 'denied'],
  ['RESOURCE_EXHAUSTED', 8, 'unavailable', 'unavailable'],
  ['FAILED_PRECONDITION', 9, 'invalid', 'conflict'],
  ['ABORTED', 10, 'unavailable', 'conflict'],
  ['OUT_OF_RANGE', 11, 'invalid', 'invalid'],
  ['UNIMPLEMENTED', 12, 'unavailable', 'unavailable'],
  ['INTERNAL', 13, 'unavailable', 'unavailable'],
  ['UNAVAILABLE', 14, 'unavailable', 'unavailable'],
  ['DATA_LOSS', 15, 'unavailable', 'unavailable'],
  ['UNAUTHENTICATED', 16, 'denied', 'denied'],
];

const WITHOUT_EFFECT = new Set(['invalid', 'not_found', 'already_exists', 'denied', 'conflict']);

describe.each(STATUSES)('%s (%i)', (_, status, read, commit) => {
  const thrown = Object.assign(new Error('said by Firestore'), { code: status });

  test(`of a read is ${read}, and nothing may have been applied`, () => {
    const error = asDocumentsError(thrown, 'read', 'reading c/a');

    expect({ code: error.code, mayBeApplied: error.mayBeApplied, cause: error.cause }).toEqual({
      code: read,
      mayBeApplied: false,
      cause: thrown,
    });
  });

  test(`of a commit is ${commit}, and may have been applied only if nobody knows`, () => {
    const error = asDocumentsError(thrown, 'commit', 'writing c/a');

    expect({ code: error.code, mayBeApplied: error.mayBeApplied }).toEqual({
      code: commit,
      mayBeApplied: !WITHOUT_EFFECT.has(commit),
    });
  });
});

test.each(['read', 'commit'] as const)(
  'without a status, a %s was not answered, or there are no credentials',
  (operation) => {
    const codeFor = (message: string): string => asDocumentsError(new Error(message), operation, 'it').code;

    expect(codeFor('socket hang up')).toBe('unavailable');
    expect(codeFor('Could not load the default credentials.')).toBe('denied');
    expect(codeFor('invalid_grant: reauth related error')).toBe('denied');
    expect(asDocumentsError('a thrown text', operation, 'it').code).toBe('unavailable');
  },
);
