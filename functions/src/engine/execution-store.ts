import type {
  Execution,
  FinishedExecution,
  Lease,
  PayloadRef,
  RunningExecution,
  SkippedExecution,
  StepRecord,
} from './execution.ts';
import type { Json } from './json.ts';

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

/** What changed since the last write: whole step records by path, and the lease or the end. */
export interface ExecutionChanges {
  readonly steps: ReadonlyMap<string, StepRecord>;
  readonly stepsExecuted: number;
  readonly next: { readonly lease: Lease } | { readonly finished: FinishedExecution };
}

/**
 * What became of a write. `unknown`: the answer was lost or too late, so it may have happened. `conflict`: somebody
 * wrote in between, or our own write was sent twice underneath. After both, reading tells.
 */
export type WriteOutcome =
  | { readonly kind: 'written'; readonly fence: Fence }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown'; readonly cause: unknown };

/** Where executions are kept. Throws `unavailable` when the database is out of reach, except where an outcome says so. */
export interface ExecutionStore {
  /**
   * Creates the record unless its id is taken: exactly one of any number of concurrent callers succeeds. With a skipped
   * one, and with the write that ends one, the figures that count it are written in the same commit.
   */
  create(execution: RunningExecution | SkippedExecution): Promise<WriteOutcome>;
  read(id: string): Promise<StoredExecution | undefined>;
  /** Writes the changed fields, and nothing else, if the record still has the version of the fence. */
  write(id: string, changes: ExecutionChanges, fence: Fence): Promise<WriteOutcome>;
  /** Keeps a payload that is too large for the record; repeating it is harmless. */
  saveOutput(
    execution: { readonly id: string; readonly expireAt: Date },
    stepPath: string,
    output: Json,
  ): Promise<PayloadRef>;
  /** Throws `internal` when what is kept is not what was saved. */
  loadOutput(ref: PayloadRef): Promise<Json>;
}
