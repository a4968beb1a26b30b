import { AsyncLocalStorage } from 'node:async_hooks';
import { systemClock } from '#adapters/system-clock.ts';
import type { Clock } from '#core/clock.ts';

/**
 * A clock that shows a different time to each action: the instant it began at, plus the time that has really passed
 * since.
 */
export interface SimulatedClock extends Clock {
  /**
   * Does something as of `instant`, including everything it begins. Several actions may run at the same time, each in
   * its own time. A sleep in one does not wait: its time passes at once. Timers, which bound calls of the real world,
   * are real.
   */
  at<Result>(instant: Date, action: () => Promise<Result>): Promise<Result>;
}

/** How far the time of an action is ahead of the real time; negative in the past. */
interface Simulated {
  aheadMs: number;
}

/** Outside every action, the time is that of `real`. */
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
      // Sleeps that begin at the same moment pass at the same time, not one after the other.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      simulated.aheadMs += Math.max(0, wakeMs - nowMs());
    },
    after: (delayMs, callback) => real.after(delayMs, callback),
  };
}
