import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#core/clock.ts';

/** The maximum delay of a Node timer, 24.8 days; a longer one would fire immediately. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The clock of this machine. Its timers do not keep the process running; a sleep does. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(delayMs, signal) {
    try {
      await sleep(Math.min(delayMs, MAX_DELAY_MS), undefined, signal === undefined ? {} : { signal });
    } catch (thrown) {
      signal?.throwIfAborted();
      throw thrown;
    }
  },
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, MAX_DELAY_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
