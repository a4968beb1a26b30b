import type { Clock } from '#core/clock.ts';

/**
 * When the next write of an execution is due. Steps without effects do not wait for their write, so writes may be spaced
 * out, the more the older the execution is: a record costs more to write as it grows, and a database takes only so many
 * writes to one document. A runner that vanishes takes along at most a twentieth of what it did, at most a second of it,
 * and nothing that has an effect.
 */
export interface WritePace {
  /** Resolves when the next write is due, which is then meant to be made. */
  pause(): Promise<void>;
  /** Makes writes due immediately until `wait` has ended, because a caller waits for them. */
  hurried(wait: () => Promise<void>): Promise<void>;
}

const SHARE_AT_RISK = 1 / 20;
const MAX_PAUSE_MS = 1_000;

export function writePace(clock: Clock, leaseMs: number): WritePace {
  const openedMs = clock.now().getTime();
  // The renewal of the lease, at a third of it, may have to wait for the pause.
  const maxPauseMs = Math.min(MAX_PAUSE_MS, leaseMs / 6);
  let writtenMs = openedMs;
  let waiting = 0;
  let endPause = (): void => undefined;

  return {
    async pause() {
      // Changes that follow each other without waiting for the outside world belong in one write, even if the database is fast.
      await turnOfTheLoop();
      const nowMs = clock.now().getTime();
      const leftMs = Math.min(maxPauseMs, (nowMs - openedMs) * SHARE_AT_RISK) - (nowMs - writtenMs);
      if (waiting === 0 && leftMs >= 1) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(leftMs, resolve);
          endPause = () => {
            cancel();
            resolve();
          };
        });
      }
      writtenMs = clock.now().getTime();
    },
    async hurried(wait) {
      waiting += 1;
      endPause();
      try {
        await wait();
      } finally {
        waiting -= 1;
      }
    },
  };
}

/** Resolves when everything that needs no timer, no disk and no network has gone on. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
