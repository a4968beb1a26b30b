import type { Clock } from '#core/clock.ts';
import type { ExecutionChanges, ExecutionStore, Fence, NextState, StoredExecution } from '../record/execution-store.ts';
import {
  isEnded,
  type Execution,
  type FinishedExecution,
  type Lease,
  type RunningExecution,
  type WaitingExecution,
} from '../record/execution.ts';
import type { StepRecord } from '../record/step-schema.ts';
import { isUnavailable, PlaybookError } from '#core/failure.ts';
import { callLimitMs } from './time-limits.ts';

/**
 * Writes to one execution for as long as its lease is held (invariant I3). Each write requires the version that the write
 * before it left. After every answer that is lost or refused the record is read, and owner, nonce and status are looked at
 * before anything is repeated, so that no write happens twice and none is made by a runner that lost the lease.
 */
export interface FencedWriter {
  /**
   * Stores the steps and what comes of the execution with them. One call at a time. Throws `lease_lost`; `unavailable` when
   * the database stays out of reach for half a minute or until the execution must have ended; and `RecordRefused`.
   */
  write(steps: ReadonlyMap<string, StepRecord>, stepsExecuted: number, outcome: WrittenState): Promise<void>;
}

/** What a write makes of the execution. The writer itself names every lease anew. */
export type WrittenState =
  | { readonly kind: 'running'; readonly lease: Pick<Lease, 'durationMs' | 'interruptions'> }
  | Exclude<NextState, { readonly kind: 'running' | 'resumed' }>;

export interface WriterOptions {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly execution: RunningExecution;
  readonly fence: Fence;
  /** When the last write must be over, even if the database hangs. */
  readonly endBy: Date;
}

/** The database does not take what was to be recorded: a bug of ours, or a record without room. */
export class RecordRefused extends PlaybookError {
  constructor(cause: PlaybookError) {
    super('internal', cause.message, { cause });
    this.name = 'RecordRefused';
  }
}

/** How long one write is repeated, and looked for, before the database counts as out of reach. */
const PATIENCE_MS = 30_000;
const FIRST_RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 2_000;

/** A writer that begins with the version that the claim left. */
export function fencedWriter(options: WriterOptions): FencedWriter {
  const { store, clock, execution, endBy } = options;
  const { id, lease, expireAt } = execution;
  let { fence } = options;
  let writes = 0;

  async function wasApplied(nonce: string, outcome: WrittenState, until: Date): Promise<boolean> {
    const stored = await readThroughOutage(options, until);
    const isOurs = holdsWrite(stored?.execution, { ...lease, nonce }, outcome);
    fence = stored?.fence ?? fence;
    return isOurs;
  }

  function nextState(outcome: WrittenState, nonce: string): NextState {
    if (outcome.kind !== 'running') return outcome;
    const wakeAt = new Date(clock.now().getTime() + outcome.lease.durationMs);
    return { kind: 'running', lease: { ...lease, ...outcome.lease, nonce }, wakeAt };
  }

  return {
    async write(steps, stepsExecuted, outcome) {
      writes += 1;
      const nonce = `${lease.owner}:${writes}`;
      const changes: ExecutionChanges = { steps, stepsExecuted, next: nextState(outcome, nonce), expireAt };
      const until = new Date(Math.min(endBy.getTime(), clock.now().getTime() + PATIENCE_MS));
      for (let tries = 1; ; tries += 1) {
        const written = await store.write(id, changes, fence, limitOf(options));
        if (written.kind === 'refused') throw new RecordRefused(written.cause);
        if (written.kind === 'written') {
          fence = written.fence;
          return;
        }
        if (written.kind !== 'not_written' && (await wasApplied(nonce, outcome, until))) return;
        if (clock.now() >= until) throw outOfReach(written.kind === 'conflict' ? undefined : written.cause);
        await clock.sleep(retryDelayMs(tries));
      }
    },
  };
}

/** Whether a write of ours is in the record. Throws `lease_lost` when the record is not ours any more. */
function holdsWrite(stored: Execution | undefined, { owner, nonce }: Lease, outcome: WrittenState): boolean {
  if (stored === undefined) throw leaseLost('its record is gone');
  if (outcome.kind !== 'running' && isSameRest(stored, restOf(outcome))) return true;
  if (isEnded(stored)) throw leaseLost('another runner has ended it');
  if (stored.status === 'waiting') throw leaseLost('another runner has parked it');
  if (stored.lease.owner !== owner) throw leaseLost('another runner has taken it over');
  return stored.lease.nonce === nonce;
}

/** After a write whose fate is unknown, only a read is safe. Throws `unavailable` when the database stays out of reach. */
async function readThroughOutage(options: WriterOptions, until: Date): Promise<StoredExecution | undefined> {
  const { store, clock, execution } = options;
  for (let reads = 1; ; reads += 1) {
    try {
      return await store.read(execution.id, limitOf(options));
    } catch (thrown) {
      if (!isUnavailable(thrown) || clock.now() >= until) throw thrown;
      await clock.sleep(retryDelayMs(reads));
    }
  }
}

function limitOf({ clock, endBy }: WriterOptions) {
  return { timeoutMs: callLimitMs(clock.now(), endBy) };
}

function retryDelayMs(tries: number): number {
  return Math.min(MAX_RETRY_DELAY_MS, FIRST_RETRY_DELAY_MS * 2 ** (tries - 1));
}

function outOfReach(cause: unknown): PlaybookError {
  const why = cause instanceof Error ? ` ${cause.message}` : '';
  return new PlaybookError('unavailable', `The record of this execution could not be written.${why}`, { cause });
}

/** How an execution comes to rest: it waits, or it has ended. */
type Rest = FinishedExecution | WaitingExecution;

function restOf(outcome: Exclude<WrittenState, { readonly kind: 'running' }>): Rest {
  return outcome.kind === 'waiting' ? outcome.waiting : outcome.finished;
}

function isSameRest(stored: Execution, rest: Rest): boolean {
  return 'runner' in stored && stored.runner === rest.runner && stored.status === rest.status;
}

function leaseLost(what: string): PlaybookError {
  return new PlaybookError('lease_lost', `This runner stopped working on the execution, because ${what}.`);
}
