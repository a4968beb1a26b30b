import type { FinishedExecution, StepRecord } from './execution.ts';
import { fencedWriter } from './fenced-writer.ts';
import type { WriterOptions } from './fenced-writer.ts';

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
  /** Stops renewing, without another write. */
  close(): void;
}

export function openJournal(options: WriterOptions): Journal {
  const { clock, execution } = options;
  const writer = fencedWriter(options);
  const losing = new AbortController();
  const steps = new Map(Object.entries(execution.steps));
  let changed = new Map<string, StepRecord>();
  let kicked = false;
  let closed = false;
  let writing: Promise<void> | undefined;
  let cancelRenewal = clock.after(execution.lease.durationMs / 3, kick);

  /** Takes what was put down so far; what is put down meanwhile goes with the next write. */
  async function write(finished?: FinishedExecution): Promise<void> {
    const group = changed;
    changed = new Map();
    cancelRenewal();
    await writer.write(group, executedCount(steps.values()), finished);
  }

  async function writeWhileKicked(): Promise<void> {
    while (kicked) {
      // What goes on without waiting for the world belongs into one write, also where the database answers at once.
      await turnOfTheLoop();
      if (!kicked) break;
      kicked = false;
      await write();
    }
    if (!closed) cancelRenewal = clock.after(execution.lease.durationMs / 3, kick);
  }

  function kick(): void {
    kicked = true;
    if (writing !== undefined || losing.signal.aborted) return;
    writing = writeWhileKicked()
      .catch((reason: unknown) => losing.abort(reason))
      .finally(() => {
        writing = undefined;
      });
  }

  async function idle(): Promise<void> {
    while (writing !== undefined) await writing;
    losing.signal.throwIfAborted();
  }

  return {
    lost: losing.signal,
    steps,
    kick,
    put(step) {
      steps.set(step.path, step);
      changed.set(step.path, step);
    },
    async flush() {
      if (changed.size > 0) kick();
      await idle();
    },
    async finish(finished) {
      kicked = false;
      await idle();
      await write(finished);
    },
    close() {
      closed = true;
      kicked = false;
      cancelRenewal();
    },
  };
}

/** Resolves when everything that needs no timer, no disk and no network has gone on. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function executedCount(steps: Iterable<StepRecord>): number {
  let executed = 0;
  for (const { status } of steps) if (status === 'succeeded' || status === 'failed') executed += 1;
  return executed;
}
