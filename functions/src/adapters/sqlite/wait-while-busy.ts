import type { Clock } from '#core/clock.ts';
import { asDocumentsError, busyFor, isBusy } from './failure.ts';

/** The longest that a call waits for other processes. */
export const BUSY_LIMIT_MS = 5_000;

/** What is waited for, by which clock, and for how long. */
export interface Waiting {
  readonly clock: Clock;
  readonly file: string;
  readonly limitMs: number;
}

/**
 * Resolves to what `action` returns; tries again every few milliseconds while another process holds the file, without
 * blocking this one. Throws `unavailable` after `limitMs` of that, and for every other failure of SQLite.
 */
export async function waitWhileBusy<Result>({ clock, file, limitMs }: Waiting, action: () => Result): Promise<Result> {
  const startMs = clock.now().getTime();
  let sleptMs = 0;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw asDocumentsError(error, file);
      // A clock may be set back meanwhile; what was slept stays.
      const waitedMs = Math.max(sleptMs, clock.now().getTime() - startMs);
      if (waitedMs >= limitMs) throw busyFor(waitedMs, file, error);
      const sleepMs = Math.ceil(Math.min(5 + Math.random() * 15, limitMs - waitedMs));
      await clock.sleep(sleepMs);
      sleptMs += sleepMs;
    }
  }
}
