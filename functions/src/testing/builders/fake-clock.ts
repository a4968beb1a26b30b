import type { Clock } from '#core/clock.ts';

/** A clock that a test controls. */
export interface FakeClock extends Clock {
  /** Moves time forward and calls back everything that is due, in order. */
  advance(byMs: number): void;
}

/** A clock that stands still until code sleeps on it: then it jumps ahead without waiting. */
export function fakeClock(start = '2026-11-20T14:00:00.000Z'): FakeClock {
  let nowMs = Date.parse(start);
  let timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  function advance(byMs: number): void {
    const endMs = nowMs + byMs;
    for (;;) {
      const due = timers.filter((timer) => timer.atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      timers = timers.filter((timer) => timer !== due);
      nowMs = Math.max(nowMs, due.atMs);
      due.callback();
    }
    nowMs = Math.max(nowMs, endMs);
  }

  return {
    now: () => new Date(nowMs),
    advance,
    async sleep(delayMs, signal) {
      signal?.throwIfAborted();
      advance(delayMs);
      signal?.throwIfAborted();
    },
    after(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
}
