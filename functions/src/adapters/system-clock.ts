import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../engine/clock.ts';

/** The clock of this machine. Its timers do not keep the process alive; a sleep does. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(delayMs, signal) {
    try {
      await sleep(delayMs, undefined, signal === undefined ? {} : { signal });
    } catch (thrown) {
      signal?.throwIfAborted();
      throw thrown;
    }
  },
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
