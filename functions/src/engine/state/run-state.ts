import type { Clock } from '#core/clock.ts';
import type { ExecutionStore } from '../record/execution-store.ts';
import type { RunningExecution } from '../record/execution.ts';
import type { Expressions } from '#language/expressions/expressions.ts';
import type { Failure, PlaybookError } from '#core/failure.ts';
import type { Journal } from '../journal/journal.ts';
import type { ExecutionOutputs, OutputRoom } from './output-room.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { Redact } from '#core/redact/redact.ts';
import type { Scope } from './scope.ts';
import type { StepType } from '#language/playbook/step-type.ts';

/** What the engine needs to run anything; made once by the composition root. */
export interface Engine {
  readonly stepTypes: ReadonlyMap<string, StepType>;
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly redact: Redact;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** A name for a runner that no other runner ever had. */
  readonly newOwner: () => string;
  readonly leaseMs: number;
  /** How long a record is kept. */
  readonly retentionMs: number;
  /** The memory that all executions of this process share for their outputs. */
  readonly outputs: OutputRoom;
  /** Aborts when this process shuts down; never if it is not shut down cleanly. */
  readonly shutdown?: Shutdown;
  /** The definition that an execution is pinned to; undefined where it is not kept any more. */
  loadDefinition(playbookId: string, version: string): Promise<Playbook | undefined>;
  /** Told of every fault in this software with the error itself: a record keeps no stack. Must not throw. */
  onFault?(thrown: unknown, executionId: string): void;
}

/** How a process ends in good order. */
export interface Shutdown {
  /** Aborts when nothing new may begin any more. */
  readonly begun: AbortSignal;
  /** Aborts when an effect that could happen twice must not be waited for any longer either. */
  readonly over: AbortSignal;
}

/** Thrown, and the reason of its signals, where a runner leaves an execution to the next one because its process ends. */
export class ShuttingDown extends Error {
  constructor() {
    super('This runner is shutting down; the next delivery goes on at once.');
    this.name = 'ShuttingDown';
  }
}

/** What one running of one execution carries along. Everything durable is in the journal. */
export interface RunState {
  readonly engine: Engine;
  readonly playbook: Playbook;
  readonly execution: RunningExecution;
  readonly expressions: Expressions;
  readonly journal: Journal;
  readonly scope: Scope;
  /** Aborts when the run must stop: the deadline has passed, the record is full, or the journal is lost. */
  readonly signal: AbortSignal;
  /** Aborts when this process ends: what has an end waits for it, nothing else begins. */
  readonly shutdown: Shutdown;
  /** Ends the execution for a reason of its own, as its deadline does. */
  abort(reason: PlaybookError): void;
  readonly outputs: ExecutionOutputs;
  /** What was thrown behind the failure of a step (by its path), for the log. */
  readonly thrown: Map<string, unknown>;
  readonly tally: RunTally;
  readonly branch: Branch;
  readonly room: DocumentRoom;
  toFailure(thrown: unknown): Failure;
  progress(): void;
}

/** What changes during one line of steps; those that run beside each other have one each. */
export interface Branch {
  /** Something happened outside that is recorded but not stored yet. */
  effectPending: boolean;
}

/** The room of the document that keeps the steps: the record of the execution, or that of an iteration. */
export interface DocumentRoom {
  /** How much all steps may take in it, in bytes. */
  readonly stepsBytes: number;
  /** Bytes of inputs and outputs that lie in it. */
  inlineBytes: number;
}

/** Everything that changes during a run. All parts of the run share it, so that nothing is lost. */
export interface RunTally {
  /** The first failure of a critical step that did not end the execution. */
  continuedFailure: Stop | undefined;
}

/** The failure that ended a list of steps, and the step it began with (null: no step, but the execution itself). */
export interface Stop {
  readonly path: string | null;
  readonly failure: Failure;
}
