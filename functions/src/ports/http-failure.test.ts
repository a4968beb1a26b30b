import { expect, test } from 'vitest';
import { failureCodeOf, retryAfterMs } from './http-failure.ts';

const YEAR_MS = 366 * 86_400_000;
const now = new Date('2026-11-20T14:00:00Z');

test.each([
  ['30', 30_000],
  [' 1.5 ', 1500],
  ['0', 0],
  ['Fri, 20 Nov 2026 14:01:00 GMT', 60_000],
  ['Fri, 20 Nov 2026 13:00:00 GMT', 0],
  ['', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['86400', 86_400_000],
  ['99999999', YEAR_MS],
  ['99999999999', YEAR_MS],
  ['1795356000', YEAR_MS],
  ['9'.repeat(400), YEAR_MS],
  ['Thu, 31 Dec 2099 23:59:59 GMT', YEAR_MS],
  [undefined, undefined],
])('%j asks us to wait %s ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});

test.each([
  [400, 'rejected'],
  [401, 'unauthenticated'],
  [403, 'unauthenticated'],
  [404, 'rejected'],
  [408, 'unavailable'],
  [425, 'unavailable'],
  [429, 'rate_limited'],
  [500, 'unavailable'],
  [503, 'unavailable'],
])('the status %i is a failure %s', (status, code) => {
  expect(failureCodeOf(status)).toBe(code);
});
