import type { Clock } from '#core/clock.ts';
import { writePace } from './write-pace.ts';
import { writeTurns } from './write-turns.ts';

/** Writes that follow each other. */
export interface WriteLoop {
  /** Aborts with what a write threw; nothing is written after that. */
  readonly lost: AbortSignal;
  /** Asks for a write; one that is under way is followed by another. */
  kick(): void;
  /** Resolves when what was asked for so far is written, or cannot be; what is asked for meanwhile is not waited for. */
  settled(): Promise<void>;
  /** Begins no other write; resolves when the one under way is over. */
  close(): Promise<void>;
}

/** Writes when it is kicked, one write at a time, and at the latest after a third of the lease. */
export function writeLoop(clock: Clock, leaseMs: number, write: () => Promise<void>): WriteLoop {
  const pace = writePace(clock, leaseMs);
  const losing = new AbortController();
  let state: 'idle' | 'kicked' | 'closed' = 'idle';
  const is = (asked: typeof state): boolean => state === asked;
  let writing: Promise<void> | undefined;
  const turns = writeTurns();
  let cancelRenewal = clock.after(leaseMs / 3, kick);

  async function writeWhileKicked(): Promise<void> {
    cancelRenewal();
    try {
      while (is('kicked')) {
        await pace.pause();
        if (!is('kicked')) break;
        state = 'idle';
        turns.begin();
        await write();
        turns.end();
      }
      if (!is('closed')) cancelRenewal = clock.after(leaseMs / 3, kick);
    } catch (reason) {
      losing.abort(reason);
    }
    // Synchronously after the last check for a kick: a kick between the two would be lost.
    writing = undefined;
    turns.stop();
  }

  function kick(): void {
    if (is('closed') || losing.signal.aborted) return;
    state = 'kicked';
    writing ??= writeWhileKicked();
  }

  const settled = (): Promise<void> =>
    pace.hurried(() => turns.ended(is('kicked') ? 'next' : 'this', () => writing === undefined));

  function close(): Promise<void> {
    state = 'closed';
    cancelRenewal();
    return pace.hurried(async () => writing);
  }

  return { lost: losing.signal, kick, settled, close };
}
