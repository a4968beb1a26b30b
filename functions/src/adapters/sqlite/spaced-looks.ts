import type { Clock } from '#core/clock.ts';

/** This process may commit hundreds of times per second; each look reads every watched query again. */
const BETWEEN_LOOKS_MS = 50;

/** Looks with a minimum interval. */
export interface SpacedLooks {
  /** Requests a look; several requests before it share one look. */
  soon(): void;
  /** Cancels the requested look. */
  cancel(): void;
}

/** Calls `look` after the current code, or 50 ms after its last call. */
export function spacedLooks(look: () => void, clock: Pick<Clock, 'after' | 'now'>): SpacedLooks {
  let lookedAtMs = -Infinity;
  let cancelPending: (() => void) | undefined;

  function lookNow(): void {
    cancelPending = undefined;
    lookedAtMs = clock.now().getTime();
    look();
  }

  return {
    soon() {
      if (cancelPending !== undefined) return;
      const waitMs = lookedAtMs + BETWEEN_LOOKS_MS - clock.now().getTime();
      if (waitMs > 0) {
        cancelPending = clock.after(Math.min(waitMs, BETWEEN_LOOKS_MS), lookNow);
      } else {
        // It runs before anything can cancel it.
        cancelPending = () => undefined;
        queueMicrotask(lookNow);
      }
    },
    cancel() {
      cancelPending?.();
      cancelPending = undefined;
    },
  };
}
