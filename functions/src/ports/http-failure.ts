import { DAY_MS } from '#core/duration.ts';
import type { FailureCode } from '#core/failure.ts';

/** What an unsuccessful status means, unless an API gives it its own meaning. */
export function failureCodeOf(status: number): FailureCode {
  if (status === 401 || status === 403) return 'unauthenticated';
  if (status === 429) return 'rate_limited';
  return status >= 500 || status === 408 || status === 425 ? 'unavailable' : 'rejected';
}

/** Longer waits are pointless; a record keeps at most a year. */
const MAX_WAIT_MS = 366 * DAY_MS;

/**
 * How long a `Retry-After` header asks us to wait, in milliseconds: seconds or an HTTP date, as RFC 9110 has it. At
 * most a year: a larger number, or an epoch, is too long for any deadline, and the retry is given up at once.
 * `undefined` if it is missing or invalid.
 */
export function retryAfterMs(header: string | null | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(MAX_WAIT_MS, Math.ceil(Number(text) * 1000));
  if (!/^[A-Za-z]{3}, /.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, atMs - now.getTime()));
}
