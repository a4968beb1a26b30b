import type {
  Execution,
  FinishedExecution,
  Lease,
  RunningExecution,
  SkippedExecution,
  WaitingExecution,
} from './execution.ts';
import type { PayloadRef } from './attempt.ts';
import type { StepRecord } from './step-schema.ts';
import type { PlaybookError } from '#core/failure.ts';

/** An execution as it was read, with what it takes to write to exactly this version of it. */
export interface StoredExecution {
  readonly execution: Execution;
  readonly fence: Fence;
  /** When the database wrote this version and when it read it, by its own clock: the age of a lease is their difference. */
  readonly updatedAt: Date;
  readonly readAt: Date;
}

/** Names one version of a stored execution. */
export type Fence = string;

/**
 * What changed since the last write: whole step records by path, and what comes of the execution with it. The steps of an
 * iteration are kept in a document of its own, below that of the execution.
 */
export interface ExecutionChanges {
  readonly steps: ReadonlyMap<string, StepRecord>;
  readonly stepsExecuted: number;
  readonly next: NextState;
  /** When the database may delete the record, and with it what lies below. */
  readonly expireAt: Date;
}

/**
 * `running`: it continues under this lease, and somebody has to look after it at `wakeAt`. `resumed`: it waited, and runs
 * again until `deadlineAt`. `waiting`: it is parked. `ended`: this is its end. `ended_short`: an end that replaces everything, the steps
 * too, by the little that it holds: the database refused what was to be recorded.
 */
export type NextState =
  | { readonly kind: 'running'; readonly lease: Lease; readonly wakeAt: Date }
  | { readonly kind: 'resumed'; readonly lease: Lease; readonly wakeAt: Date; readonly deadlineAt: Date }
  | { readonly kind: 'waiting'; readonly waiting: WaitingExecution }
  | ({ readonly kind: 'ended' | 'ended_short' } & ExecutionEnd);

/** The end of an execution, and the steps of its iterations, of which the record says nothing: figures count them, too. */
export interface ExecutionEnd {
  readonly finished: FinishedExecution;
  readonly iterations?: readonly StepRecord[];
}

/**
 * The outcome of a write. `unknown`: the answer was lost or too late, so it may have happened. `conflict`: somebody
 * wrote in between, or our own write was sent twice underneath. After both, reading tells. `not_written`: the database was
 * out of reach, and it surely has not happened. `refused`: the database does not take it, now or ever (it is too large,
 * say); it has not happened either.
 */
export type WriteOutcome =
  | { readonly kind: 'written'; readonly fence: Fence }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown'; readonly cause: unknown }
  | { readonly kind: 'not_written'; readonly cause: unknown }
  | { readonly kind: 'refused'; readonly cause: PlaybookError };

/** How long one call of the store may take; without it as long as the database's own limit says. */
export interface StoreLimit {
  readonly timeoutMs: number;
}

/** Where executions are kept. Throws `unavailable` when the database is out of reach, except where an outcome says so. */
export interface ExecutionStore {
  /**
   * Creates the record unless its id is taken: exactly one of any number of concurrent callers succeeds. With a skipped
   * one, and with the write that ends one, the figures that count it are written in the same commit.
   */
  create(execution: RunningExecution | SkippedExecution, limit?: StoreLimit): Promise<WriteOutcome>;
  read(id: string, limit?: StoreLimit): Promise<StoredExecution | undefined>;
  /** The steps of all iterations of an execution, by path. */
  readIterations(id: string): Promise<ReadonlyMap<string, StepRecord>>;
  /** Writes the changed fields, and nothing else, if the record still has the version of the fence. */
  write(id: string, changes: ExecutionChanges, fence: Fence, limit?: StoreLimit): Promise<WriteOutcome>;
  /** Keeps a payload that is too large for the record, given as the text of its JSON; repeating it is harmless. */
  saveOutput(
    execution: { readonly id: string; readonly expireAt: Date },
    stepPath: string,
    json: string,
  ): Promise<PayloadRef>;
  /** The text that was saved. Throws `internal` when what is kept is something else. */
  loadOutput(ref: PayloadRef): Promise<string>;
}
