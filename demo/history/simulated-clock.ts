import { AsyncLocalStorage } from 'node:async_hooks';
import { systemClock } from '#adapters/system-clock.ts';
import type { Clock } from '#core/clock.ts';

/** A clock that shows another time to each action: the instant that it began at, plus what has really passed since. */
export interface SimulatedClock extends Clock {
  /**
   * Does something as of `instant`, and what it begins. Several actions may go on at the same time, each in its own time.
   * Whoever sleeps in one does not wait: its time passes at once. Timers, which bound calls of the real world, are real.
   */
  at<Result>(instant: Date, action: () => Promise<Result>): Promise<Result>;
}

/** How far the time of an action is ahead of the real one; negative in the past. */
interface Simulated {
  aheadMs: number;
}

/** The time outside of every action is that of `real`. */
export function simulatedClock(real: Clock = systemClock): SimulatedClock {
  const actions = new AsyncLocalStorage<Simulated>();
  const nowMs = (): number => real.now().getTime() + (actions.getStore()?.aheadMs ?? 0);

  return {
    now: () => new Date(nowMs()),
    at: (instant, action) => actions.run({ aheadMs: instant.getTime() - real.now().getTime() }, action),
    async sleep(delayMs, signal) {
      const simulated = actions.getStore();
      if (simulated === undefined) return real.sleep(delayMs, signal);
      const wakeMs = nowMs() + delayMs;
      // Those who fall asleep at the same moment sleep at the same time, and not one after the other.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      simulated.aheadMs += Math.max(0, wakeMs - nowMs());
    },
    after: (delayMs, callback) => real.after(delayMs, callback),
  };
}
