import type { Clock } from '#core/clock.ts';

/** Own commits may come by the hundred each second; each look reads every watched query again. */
const BETWEEN_LOOKS_MS = 50;

/** Looks that keep a distance. */
export interface SpacedLooks {
  /** Asks for a look; however often it is asked for before that comes, it is one. */
  soon(): void;
  /** Forgets what was asked for. */
  cancel(): void;
}

/** Calls `look` behind what runs now, or 50 ms after its last call. */
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
        // It comes before anything could cancel it.
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
