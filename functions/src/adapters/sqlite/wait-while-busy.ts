import type { Clock } from '#core/clock.ts';
import { asDocumentsError, busyFor, isBusy } from './failure.ts';

/** The longest that a call waits for other processes. */
export const BUSY_LIMIT_MS = 5_000;

/** The file, the clock, and how long to wait. */
export interface Waiting {
  readonly clock: Clock;
  readonly file: string;
  readonly limitMs: number;
}

/**
 * Resolves to the result of `action`; retries every few milliseconds while another process has the file locked, without
 * blocking this one. Throws `unavailable` after `limitMs`, and for every other SQLite failure.
 */
export async function waitWhileBusy<Result>({ clock, file, limitMs }: Waiting, action: () => Result): Promise<Result> {
  const startMs = clock.now().getTime();
  let sleptMs = 0;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw asDocumentsError(error, file);
      // The clock may be set back meanwhile; the time already slept still counts.
      const waitedMs = Math.max(sleptMs, clock.now().getTime() - startMs);
      if (waitedMs >= limitMs) throw busyFor(waitedMs, file, error);
      const sleepMs = Math.ceil(Math.min(5 + Math.random() * 15, limitMs - waitedMs));
      await clock.sleep(sleepMs);
      sleptMs += sleepMs;
    }
  }
}
