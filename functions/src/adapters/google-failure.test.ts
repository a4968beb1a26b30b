import { describe, expect, test } from 'vitest';
import { googleFailure } from './google-failure.ts';

function thrownBy(fields: object, message = 'x', cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), fields);
}

const refused = thrownBy({ code: 'ECONNREFUSED', syscall: 'connect' }, 'connect ECONNREFUSED 127.0.0.1:1');
const slip = new TypeError("Cannot read properties of undefined (reading 'name')");

describe("what one of Google's clients throws", () => {
  test.each<readonly [string, Error, string]>([
    ['a permission that is missing', thrownBy({ code: 7 }), 'unauthenticated'],
    ['a quota that is used up', thrownBy({ code: 8 }), 'rate_limited'],
    ['a method that does not exist', thrownBy({ code: 12 }), 'rejected'],
    ['a service that is down', thrownBy({ code: 14 }), 'unavailable'],
    ['a connection that was refused', refused, 'unavailable'],
    ['the same, in the words of gRPC', thrownBy({ code: 14 }, 'x', refused), 'unavailable'],
    ['a status without a code', thrownBy({ status: 503 }), 'unavailable'],
    [
      'an account that was switched off',
      thrownBy({ status: 400 }, 'invalid_grant: Account disabled'),
      'unauthenticated',
    ],
    ['no credentials', thrownBy({}, 'Could not load the default credentials.'), 'unauthenticated'],
    ['an answer that is not HTTP', thrownBy({ code: 14 }, 'x', thrownBy({ code: 'HPE_CR_EXPECTED' })), 'rejected'],
  ])('because of %s has its own code', (_, thrown, code) => {
    expect(googleFailure(thrown, 'Reading the secret X')).toMatchObject({ code, cause: thrown });
  });

  test.each<readonly [string, Error]>([
    ['a slip in the code', slip],
    ['a slip that the client calls unavailable', thrownBy({ code: 14 }, slip.message, slip)],
    ['something that nobody knows', new Error('odd')],
  ])('because of %s is internal, and not told as an outage', (_, thrown) => {
    expect(googleFailure(thrown, 'Reading the secret X')).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('Reading the secret X failed because of a bug in this software: '),
      cause: thrown,
    });
  });
});
