import type { FinishedExecution, RunningExecution, StepRecord } from './execution.ts';
import { fencedWriter } from './fenced-writer.ts';
import type { WriterOptions } from './fenced-writer.ts';
import { writePace } from './write-pace.ts';

/**
 * The single writer of an execution. What happens is put down at once in memory and reaches the database in groups: one
 * conditional write at a time, carrying every step that changed since the last one, so that a step costs the same at the
 * end of a long execution as at its beginning. Any write renews the lease; without one, the lease is renewed at a third.
 * A runner that finds the lease gone aborts `lost` and never writes again.
 */
export interface Journal {
  /** Aborts, with the `PlaybookError` that says why, when this runner may not or cannot write any more. */
  readonly lost: AbortSignal;
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** Puts down what a step has come to; it is stored with the next write. */
  put(step: StepRecord): void;
  /** Starts writing what was put down, unless a write is under way; that one is then followed by another. */
  kick(): void;
  /** Resolves when everything that was put down before is stored. Throws `lease_lost` or `unavailable`. */
  flush(): Promise<void>;
  /** The last write: what was put down and the end, at once. Throws like `flush`. */
  finish(finished: FinishedExecution): Promise<void>;
  /** Stops renewing and begins no other write; resolves when the one under way is over. Throws nothing. */
  close(): Promise<void>;
}

export function openJournal(options: WriterOptions): Journal {
  const { clock, execution } = options;
  const writer = fencedWriter(options);
  const pace = writePace(clock, execution.lease.durationMs);
  const losing = new AbortController();
  const { steps, put, hasUnwritten, takeUnwritten } = stepRecords(execution);
  let kicked = false;
  let closed = false;
  let writing: Promise<void> | undefined;
  let cancelRenewal = clock.after(execution.lease.durationMs / 3, kick);

  /** Takes what was put down so far; what is put down meanwhile goes with the next write. */
  const write = (finished?: FinishedExecution): Promise<void> =>
    writer.write(takeUnwritten(), executedCount(steps.values()), finished);

  async function writeWhileKicked(): Promise<void> {
    cancelRenewal();
    try {
      while (kicked) {
        await pace.pause();
        if (!kicked) break;
        kicked = false;
        await write();
      }
      if (!closed) cancelRenewal = clock.after(execution.lease.durationMs / 3, kick);
    } catch (reason) {
      losing.abort(reason);
    }
    // In the same moment in which nobody has kicked any more: a kick between the two would be lost.
    writing = undefined;
  }

  function kick(): void {
    if (closed || losing.signal.aborted) return;
    kicked = true;
    writing ??= writeWhileKicked();
  }

  const settled = (): Promise<void> =>
    pace.hurried(async () => {
      while (writing !== undefined) await writing;
    });

  function close(): Promise<void> {
    closed = true;
    kicked = false;
    cancelRenewal();
    return settled();
  }

  return {
    lost: losing.signal,
    steps,
    put,
    kick,
    async flush() {
      if (hasUnwritten()) kick();
      await settled();
      losing.signal.throwIfAborted();
    },
    async finish(finished) {
      await close();
      losing.signal.throwIfAborted();
      await write(finished);
    },
    close,
  };
}

/** All steps as they are, and which of them the next write has to carry. */
function stepRecords(execution: RunningExecution) {
  const steps = new Map(Object.entries(execution.steps));
  let unwritten = new Map<string, StepRecord>();
  return {
    steps,
    put(step: StepRecord): void {
      steps.set(step.path, step);
      unwritten.set(step.path, step);
    },
    hasUnwritten: (): boolean => unwritten.size > 0,
    takeUnwritten(): ReadonlyMap<string, StepRecord> {
      const taken = unwritten;
      unwritten = new Map();
      return taken;
    },
  };
}

function executedCount(steps: Iterable<StepRecord>): number {
  let executed = 0;
  for (const { status } of steps) if (status === 'succeeded' || status === 'failed') executed += 1;
  return executed;
}
