import type { Clock } from '#core/clock.ts';

/** Sleeps; an abort ends the sleep early, without an error. */
export async function quietSleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}
