import type { Clock } from './clock.ts';
import type { ExecutionChanges, ExecutionStore, Fence, StoredExecution } from './execution-store.ts';
import type { Execution, FinishedExecution, Lease, RunningExecution, StepRecord } from './execution.ts';
import { PlaybookError } from './failure.ts';

/**
 * The single writer of an execution. What happens is put down at once in memory and reaches the database in groups: one
 * conditional write at a time, carrying every step that changed since the last one, so that a step costs the same at the
 * end of a long execution as at its beginning. Any write renews the lease.
 *
 * Only the holder of the lease writes (invariant I3): each write requires the version that the write before it left, and
 * after every answer that is lost or refused the record is read and owner, nonce and status are looked at before
 * anything is repeated. A runner that finds the lease gone aborts `lost` and never writes again.
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

interface Opening {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly execution: RunningExecution;
  readonly fence: Fence;
}

/** How often one write is repeated, and how often it is looked for, before the database counts as out of reach. */
const MAX_WRITES = 5;
const MAX_READS = 6;
const FIRST_RETRY_DELAY_MS = 250;

export function openJournal({ store, clock, execution, fence: openingFence }: Opening): Journal {
  const losing = new AbortController();
  const steps = new Map(Object.entries(execution.steps));
  let changed = new Map<string, StepRecord>();
  let fence = openingFence;
  let lease = execution.lease;
  let count = 0;
  let kicked = false;
  let writing: Promise<void> | undefined;
  let cancelRenewal = scheduleRenewal();

  function scheduleRenewal(): () => void {
    return clock.after(lease.durationMs / 3, kick);
  }

  function nextLease(): Lease {
    count += 1;
    return { ...lease, nonce: `${lease.owner}:${count}` };
  }

  /** Writes once, however many readings that takes; throws when the lease is gone or the database out of reach. */
  async function write(finished?: FinishedExecution): Promise<void> {
    const group = changed;
    changed = new Map();
    const attempted = nextLease();
    const changes: ExecutionChanges = {
      steps: group,
      stepsExecuted: stepsExecuted(),
      next: finished === undefined ? { lease: attempted } : { finished },
    };
    for (let writes = 1; writes <= MAX_WRITES; writes += 1) {
      const outcome = await store.write(execution.id, changes, fence);
      if (outcome.kind === 'written') return settle(attempted, outcome.fence);
      if (await wasApplied(attempted, finished)) return;
    }
    throw new PlaybookError('unavailable', 'The record of this execution could not be written.');
  }

  function settle(written: Lease, newFence: Fence): void {
    lease = written;
    fence = newFence;
  }

  /** After an answer that was lost or refused: whether our write is in the record. Throws when the record is not ours. */
  async function wasApplied(attempted: Lease, finished: FinishedExecution | undefined): Promise<boolean> {
    const stored = await readBack();
    const holds = stored?.execution;
    if (stored === undefined || holds === undefined) throw leaseLost('its record is gone');
    if (finished !== undefined && isSameEnd(holds, finished)) return true;
    if (holds.status !== 'running') throw leaseLost('another runner has ended it');
    if (holds.lease.owner !== attempted.owner) throw leaseLost('another runner has taken it over');
    fence = stored.fence;
    if (holds.lease.nonce !== attempted.nonce) return false;
    lease = attempted;
    return true;
  }

  /** Reads through an outage of about ten seconds: after a write whose fate is unknown, nothing else is safe. */
  async function readBack(): Promise<StoredExecution | undefined> {
    for (let reads = 1; ; reads += 1) {
      try {
        return await store.read(execution.id);
      } catch (thrown) {
        if (!isUnavailable(thrown) || reads === MAX_READS) throw thrown;
        await clock.sleep(FIRST_RETRY_DELAY_MS * 2 ** (reads - 1));
      }
    }
  }

  async function writeUntilClean(): Promise<void> {
    while (kicked && !losing.signal.aborted) {
      kicked = false;
      cancelRenewal();
      await write();
      cancelRenewal = scheduleRenewal();
    }
  }

  function kick(): void {
    kicked = true;
    if (writing !== undefined || losing.signal.aborted) return;
    writing = writeUntilClean()
      .catch(giveUp)
      .finally(() => {
        writing = undefined;
      });
  }

  function giveUp(reason: unknown): void {
    cancelRenewal();
    losing.abort(reason);
  }

  async function flush(): Promise<void> {
    if (changed.size > 0) kick();
    while (writing !== undefined) await writing;
    losing.signal.throwIfAborted();
  }

  function stepsExecuted(): number {
    let executed = 0;
    for (const step of steps.values()) if (step.status === 'succeeded' || step.status === 'failed') executed += 1;
    return executed;
  }

  return {
    lost: losing.signal,
    steps,
    kick,
    flush,
    put(step) {
      steps.set(step.path, step);
      changed.set(step.path, step);
    },
    async finish(finished) {
      kicked = false;
      while (writing !== undefined) await writing;
      losing.signal.throwIfAborted();
      cancelRenewal();
      await write(finished);
    },
    close: () => cancelRenewal(),
  };
}

function isSameEnd(stored: Execution, finished: FinishedExecution): boolean {
  return 'runner' in stored && stored.runner === finished.runner && stored.status === finished.status;
}

function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof PlaybookError && thrown.code === 'unavailable';
}

function leaseLost(what: string): PlaybookError {
  return new PlaybookError('lease_lost', `This runner stopped working on the execution, because ${what}.`);
}
