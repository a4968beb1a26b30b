import { describe, expect, test } from 'vitest';
import { isRevoked, personOf } from './account.ts';
import { isNoSession } from './failure.ts';

/**
 * The emulator's SDK looks at revocation and at disabled accounts by itself, and never fetches a certificate. In production we
 * do the one and it does the other, so both are tried here.
 */
const ada = { uid: 'ada', email: 'ada@example.com', role: 'admin' as const, disabled: false, emailVerified: true };

describe('an account', () => {
  test('lets its person in', () => {
    expect(personOf(ada)).toEqual({ uid: 'ada', email: 'ada@example.com', role: 'admin' });
  });

  test.each([{ disabled: true }, { role: null }, { email: '' }])('with %j lets nobody in', (changes) => {
    expect(personOf({ ...ada, ...changes })).toBeUndefined();
  });
});

describe('a session that began at 14:00:00', () => {
  const session = { auth_time: Date.parse('2026-11-20T14:00:00Z') / 1000 };
  test.each([
    ['Fri, 20 Nov 2026 14:00:01 GMT', true],
    ['Fri, 20 Nov 2026 14:00:00 GMT', false],
    ['Fri, 20 Nov 2026 13:59:59 GMT', false],
  ])('of an account whose sessions were ended at %s is revoked: %s', (tokensValidAfterTime, expected) => {
    expect(isRevoked(session, { tokensValidAfterTime })).toBe(expected);
  });

  test('of an account whose sessions were never ended is not revoked', () => {
    expect(isRevoked(session, {})).toBe(false);
  });
});

describe('what the SDK says of a session', () => {
  const error = (code: string, message: string): Error => Object.assign(new Error(message), { code });

  test.each([
    ['auth/session-cookie-expired', 'Firebase session cookie has expired.'],
    ['auth/session-cookie-revoked', 'The session cookie has been revoked.'],
    ['auth/argument-error', 'Firebase session cookie has invalid signature.'],
    ['auth/argument-error', 'Decoding Firebase session cookie failed.'],
    ['auth/user-not-found', 'There is no user record.'],
  ])('is that it is none: %s, %s', (code, message) => {
    expect(isNoSession(error(code, message))).toBe(true);
  });

  test.each([
    ['auth/argument-error', 'Error fetching public keys for Google certs: {"error":"backend"}'],
    [
      'auth/argument-error',
      'Error while making request: getaddrinfo ENOTFOUND www.googleapis.com. Error code: ENOTFOUND',
    ],
    ['app/network-error', 'Error while making request: connect ECONNREFUSED.'],
    ['auth/internal-error', 'An internal error has occurred.'],
  ])('is an outage, which signs nobody out: %s, %s', (code, message) => {
    expect(isNoSession(error(code, message))).toBe(false);
  });
});
