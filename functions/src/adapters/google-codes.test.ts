import { describe, expect, test } from 'vitest';
import { googleFailure } from './google-failure.ts';

function failureFor(fields: object): unknown {
  return googleFailure(Object.assign(new Error('x'), fields), 'Reading the secret X');
}

describe('an answer of Google', () => {
  test.each([
    ['CANCELLED', 1, 'unavailable'],
    ['UNKNOWN', 2, 'unavailable'],
    ['INVALID_ARGUMENT', 3, 'rejected'],
    ['DEADLINE_EXCEEDED', 4, 'timeout'],
    ['NOT_FOUND', 5, 'rejected'],
    ['ALREADY_EXISTS', 6, 'rejected'],
    ['PERMISSION_DENIED', 7, 'unauthenticated'],
    ['RESOURCE_EXHAUSTED', 8, 'rate_limited'],
    ['FAILED_PRECONDITION', 9, 'rejected'],
    ['ABORTED', 10, 'unavailable'],
    ['OUT_OF_RANGE', 11, 'rejected'],
    ['UNIMPLEMENTED', 12, 'rejected'],
    ['INTERNAL', 13, 'unavailable'],
    ['UNAVAILABLE', 14, 'unavailable'],
    ['DATA_LOSS', 15, 'unavailable'],
    ['UNAUTHENTICATED', 16, 'unauthenticated'],
  ])('%s (%i) is %s', (_, code, expected) => {
    expect(failureFor({ code })).toMatchObject({ code: expected, message: 'Reading the secret X failed: x' });
  });

  test.each([
    [400, 'rejected'],
    [401, 'unauthenticated'],
    [403, 'unauthenticated'],
    [404, 'rejected'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('with the HTTP status %i is %s, as a code or as a status', (status, expected) => {
    expect(failureFor({ code: status })).toMatchObject({ code: expected });
    expect(failureFor({ status })).toMatchObject({ code: expected });
  });

  test.each([0, 17, 99])('with the code %i, which Google does not have, is a bug', (code) => {
    expect(failureFor({ code })).toMatchObject({ code: 'internal' });
  });

  test.each(['invalid_grant', 'invalid_client', 'invalid_rapt', 'unauthorized_client', 'access_denied'])(
    'that says %s refuses the credentials, whatever its code',
    (word) => {
      const thrown = Object.assign(new Error(`${word}: Token has been expired or revoked.`), { code: 14 });
      expect(googleFailure(thrown, 'Reading the secret X')).toMatchObject({ code: 'unauthenticated' });
    },
  );
});
