import type { Execution } from '#engine/record/execution.ts';

/** One effect of a step, as the other side saw it. */
export interface Effect {
  /** The path of the step that the other side stands for. */
  readonly path: string;
  readonly key: string;
}

/** The record as it was when a runner had died or stopped. */
export interface Snapshot {
  readonly execution: Execution | undefined;
  /** How many effects had arrived by then. */
  readonly effects: number;
}

/** Everything that was seen of the execution of one slot. */
export interface History {
  readonly executionId: string;
  /** How often a runner was killed, stopped or cut off: each may repeat one effect. */
  readonly interruptions: number;
  /** How many runners died while they worked on it. */
  readonly kills: number;
  /** The records of this slot. */
  readonly records: number;
  readonly snapshots: readonly Snapshot[];
  /** The record after the last answer, and again after late runners have had their time. */
  readonly final: Execution | undefined;
  readonly later: Execution | undefined;
  readonly effects: readonly Effect[];
  /** The paths of the steps that must have had an effect if it succeeded. */
  readonly bookings: readonly string[];
  /** The threads and messages that it left, each of which must be there once if it succeeded. */
  readonly left: { readonly threads: number; readonly messages: number } | undefined;
  /** The HTTP statuses of all answers, in order. */
  readonly answers: readonly number[];
  readonly expected: readonly Execution['status'][];
  readonly deadlineMs: number;
  /** From the first delivery to the end, or as the record says. */
  readonly endedAfterMs: number;
  /** By how much the figures of the playbook have grown, and how many executions have ended. */
  readonly counted: { readonly figures: number; readonly ended: number };
}
