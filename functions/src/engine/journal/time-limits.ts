/** How long after its deadline the record of an execution has ended at the latest, even if a dependency hangs. */
export const END_GRACE_MS = 5_000;
/** What of it belongs to the last write, so that an alert must not use it up. */
export const LAST_WRITE_MS = 2_000;
/** How long people may be told of an alert, also when the record has ended meanwhile. */
export const ALERT_GRACE_MS = 30_000;

const MAX_CALL_MS = 10_000;
const MIN_CALL_MS = 500;

/**
 * How long one call of the database may take, in milliseconds: ten seconds, and where the end is near so much less that a
 * call which hangs leaves room to check on another connection whether it arrived, and to write again.
 */
export function callLimitMs(now: Date, endBy: Date): number {
  const leftMs = endBy.getTime() - now.getTime();
  return Math.min(MAX_CALL_MS, Math.max(MIN_CALL_MS, Math.round(leftMs / 2.5)));
}
