import type { Clock } from '#core/clock.ts';
import { writePace } from './write-pace.ts';

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
  let begun = 0;
  let ended = 0;
  let turn = Promise.withResolvers<void>();
  const renewLater = () => clock.after(leaseMs / 3, kick);
  let cancelRenewal = renewLater();

  async function writeWhileKicked(): Promise<void> {
    cancelRenewal();
    try {
      while (is('kicked')) {
        await pace.pause();
        if (!is('kicked')) break;
        state = 'idle';
        begun += 1;
        await write();
        ended = begun;
        nextTurn();
      }
      if (!is('closed')) cancelRenewal = renewLater();
    } catch (reason) {
      losing.abort(reason);
    }
    // Synchronously after the last check for a kick: a kick between the two would be lost.
    writing = undefined;
    nextTurn();
  }

  function nextTurn(): void {
    turn.resolve();
    turn = Promise.withResolvers();
  }

  function kick(): void {
    if (is('closed') || losing.signal.aborted) return;
    state = 'kicked';
    writing ??= writeWhileKicked();
  }

  const settled = (): Promise<void> =>
    pace.hurried(async () => {
      const last = is('kicked') ? begun + 1 : begun;
      while (writing !== undefined && ended < last) await turn.promise;
    });
  const idle = (): Promise<void> =>
    pace.hurried(async () => {
      while (writing !== undefined) await writing;
    });

  function close(): Promise<void> {
    state = 'closed';
    cancelRenewal();
    return idle();
  }

  return { lost: losing.signal, kick, settled, close };
}
