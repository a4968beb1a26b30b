import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../engine/clock.ts';

/** The clock of this machine, for a database that was given none. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (delayMs, signal) => delay(delayMs, undefined, signal === undefined ? {} : { signal }),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
