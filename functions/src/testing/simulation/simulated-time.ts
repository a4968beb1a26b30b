import type { Clock } from '#core/clock.ts';

/** Time that jumps from event to event: a simulation takes no real time, and always happens in the same order. */
export interface SimulatedTime {
  nowMs(): number;
  /** Calls back after `delayMs`; the returned function cancels. */
  in(delayMs: number, callback: () => void): () => void;
  /** Runs all events until `done`, or until none are left. */
  run(done?: () => boolean): Promise<void>;
}

/** A process in simulated time: it can be killed or paused at any moment, and its clock can be wrong. */
export interface SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly isAlive: () => boolean;
  /** Nothing happens in it from now on. */
  kill(): void;
  /** Nothing happens in it for this time; then everything that became due happens in order. */
  pause(forMs: number): void;
  /** Calls back inside the process after `delayMs`, when it is not paused. */
  in(delayMs: number, callback: () => void): () => void;
}

const TICK_MS = 4;
const START_MS = Date.parse('2026-11-20T14:00:00.000Z');

export function simulatedTime(): SimulatedTime {
  let nowMs = START_MS;
  const events = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  /** Jumps to the next moment and calls back everything that is due then, in the order of registration. */
  function next(): void {
    nowMs = Array.from(events).reduce((earliestMs, { atMs }) => Math.min(earliestMs, atMs), Infinity);
    for (const event of events) {
      if (event.atMs > nowMs) continue;
      events.delete(event);
      event.callback();
    }
  }

  return {
    nowMs: () => nowMs,
    in(delayMs, callback) {
      // Time is coarse, so that many events are due at the same moment, as in a busy process.
      const event = { atMs: nowMs + Math.ceil(Math.max(1, delayMs) / TICK_MS) * TICK_MS, callback };
      events.add(event);
      return () => events.delete(event);
    },
    async run(done = () => false) {
      await settled();
      while (events.size > 0 && !done()) {
        next();
        await settled();
      }
    },
  };
}

export function simulatedProcess(time: SimulatedTime, name: string, skewMs = 0): SimulatedProcess {
  let alive = true;
  let awakeAtMs = 0;

  function receive(callback: () => void, isCancelled: () => boolean): void {
    if (!alive || isCancelled()) return;
    if (time.nowMs() < awakeAtMs) time.in(awakeAtMs - time.nowMs(), () => receive(callback, isCancelled));
    else callback();
  }

  function after(delayMs: number, callback: () => void): () => void {
    let cancelled = false;
    const forget = time.in(delayMs, () => receive(callback, () => cancelled));
    return () => {
      cancelled = true;
      forget();
    };
  }

  return {
    name,
    isAlive: () => alive,
    kill: () => (alive = false),
    pause: (forMs) => (awakeAtMs = Math.max(awakeAtMs, time.nowMs() + forMs)),
    in: after,
    clock: {
      now: () => new Date(time.nowMs() + skewMs),
      after,
      async sleep(delayMs, signal) {
        signal?.throwIfAborted();
        await new Promise<void>((resolve, reject) => {
          const wake = after(delayMs, resolve);
          signal?.addEventListener('abort', () => (wake(), reject(signal.reason)), { once: true });
        });
      },
    },
  };
}

/** Runs everything that needs no time: the journal collects changes for one turn of the loop before it writes. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}
