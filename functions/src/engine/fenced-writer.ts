import type { Clock } from './clock.ts';
import type { ExecutionChanges, ExecutionStore, Fence, StoredExecution } from './execution-store.ts';
import type { Execution, FinishedExecution, Lease, RunningExecution, StepRecord } from './execution.ts';
import { PlaybookError } from './failure.ts';

/**
 * Writes to one execution for as long as its lease is held (invariant I3). Each write requires the version that the write
 * before it left. After every answer that is lost or refused the record is read, and owner, nonce and status are looked at
 * before anything is repeated, so that no write happens twice and none is made by a runner that lost the lease.
 */
export interface FencedWriter {
  /** Stores the steps, renews the lease, or ends the execution. One call at a time. Throws `lease_lost` or `unavailable`. */
  write(steps: ReadonlyMap<string, StepRecord>, stepsExecuted: number, finished?: FinishedExecution): Promise<void>;
}

export interface WriterOptions {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly execution: RunningExecution;
  readonly fence: Fence;
}

/** How often one write is repeated, and how often it is looked for, before the database counts as out of reach. */
const MAX_WRITES = 5;
const MAX_READS = 6;
const FIRST_RETRY_DELAY_MS = 250;

export function fencedWriter({ store, clock, execution, fence: firstFence }: WriterOptions): FencedWriter {
  const { id, lease } = execution;
  let fence = firstFence;
  let writes = 0;

  /** Whether our write is in the record. Throws when the record is not ours any more. */
  async function wasApplied(attempted: Lease, finished: FinishedExecution | undefined): Promise<boolean> {
    const stored = await readThroughOutage(store, clock, id);
    if (stored === undefined) throw leaseLost('its record is gone');
    const held = stored.execution;
    if (finished !== undefined && isSameEnd(held, finished)) return true;
    if (held.status !== 'running') throw leaseLost('another runner has ended it');
    if (held.lease.owner !== attempted.owner) throw leaseLost('another runner has taken it over');
    fence = stored.fence;
    return held.lease.nonce === attempted.nonce;
  }

  return {
    async write(steps, stepsExecuted, finished) {
      writes += 1;
      const attempted = { ...lease, nonce: `${lease.owner}:${writes}` };
      const next: ExecutionChanges['next'] = finished === undefined ? { lease: attempted } : { finished };
      for (let tries = 1; tries <= MAX_WRITES; tries += 1) {
        const outcome = await store.write(id, { steps, stepsExecuted, next }, fence);
        if (outcome.kind === 'written') {
          fence = outcome.fence;
          return;
        }
        if (await wasApplied(attempted, finished)) return;
        if (tries < MAX_WRITES) await clock.sleep(retryDelayMs(tries));
      }
      throw new PlaybookError('unavailable', 'The record of this execution could not be written.');
    },
  };
}

/** Tries for about ten seconds: after a write whose fate is unknown, nothing else is safe. */
async function readThroughOutage(
  store: ExecutionStore,
  clock: Clock,
  id: string,
): Promise<StoredExecution | undefined> {
  for (let reads = 1; ; reads += 1) {
    try {
      return await store.read(id);
    } catch (thrown) {
      if (!isUnavailable(thrown) || reads === MAX_READS) throw thrown;
      await clock.sleep(retryDelayMs(reads));
    }
  }
}

function retryDelayMs(tries: number): number {
  return FIRST_RETRY_DELAY_MS * 2 ** (tries - 1);
}

function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof PlaybookError && thrown.code === 'unavailable';
}

function isSameEnd(stored: Execution, finished: FinishedExecution): boolean {
  return 'runner' in stored && stored.runner === finished.runner && stored.status === finished.status;
}

function leaseLost(what: string): PlaybookError {
  return new PlaybookError('lease_lost', `This runner stopped working on the execution, because ${what}.`);
}
