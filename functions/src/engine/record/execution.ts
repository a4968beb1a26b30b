import { z } from 'zod';
import { Failure } from '#core/failure.ts';
import { JsonValue } from '#core/json.ts';
import { Suspension } from '#language/playbook/suspension.ts';
import { contradictionsIn } from './contradictions.ts';
import { occasionIn, Trigger } from './occasion.ts';
import { EndedStep, StepRecord } from './step-schema.ts';

/** How a measured value is: well, noticeable, bad, or not to be told. */
export const Band = z.enum(['ok', 'warn', 'alert', 'unknown']);
export type Band = z.infer<typeof Band>;

const criterionFields = {
  id: z.string(),
  name: z.string().optional(),
  value: JsonValue,
  unit: z.string().optional(),
};

/** A criterion at the end of an execution: what was measured, and its band; where that is unknown, why. */
export const CriterionResult = z.discriminatedUnion('band', [
  z.object({ ...criterionFields, band: Band.exclude(['unknown']), reason: z.undefined().optional() }),
  z.object({ ...criterionFields, band: z.literal('unknown'), reason: z.string() }),
]);
export type CriterionResult = z.infer<typeof CriterionResult>;

/** The time-limited right of one runner to write to an execution. It ends `durationMs` after the last write, by server time. */
export const Lease = z.object({
  owner: z.string(),
  /** Changes with every write, so that a writer can tell whether a write whose answer was lost has happened. */
  nonce: z.string(),
  /** 0: its runner shut down cleanly and gave it back, so that any runner may claim it immediately. */
  durationMs: z.number().nonnegative(),
  takeovers: z.number().int().nonnegative(),
  /** How many runners vanished since a step last ended; one that gave its lease back did not vanish. */
  interruptions: z.number().int().nonnegative().default(0),
});
export type Lease = z.infer<typeof Lease>;

/** Tokens and money of all model calls of an execution. */
export const Spend = z.object({
  modelCalls: z.number().int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable(),
});
export type Spend = z.infer<typeof Spend>;

const headerFields = {
  id: z.string(),
  playbookId: z.string(),
  playbookName: z.string(),
  /** Hash of the definition that runs, kept in `playbooks_internal/{playbookId}/versions/{version}`. */
  version: z.string(),
  /** The due instant this execution is for; null when it was started manually. */
  slot: z.date().nullable(),
  trigger: Trigger,
  labels: z.record(z.string(), z.string()),
  /** The value of every input of the playbook, redacted; what expressions see as `inputs`. */
  inputs: z.record(z.string(), JsonValue).default({}),
  /** The only address that is notified, regardless of the recipients in the playbook; absent if those are used. */
  onlyTo: z.string().optional(),
  /** Of what a person said to start it, before secrets were taken out: tells a repetition from another start. */
  requestSha256: z.string().optional(),
  /** The agents that the steps of the playbook name. */
  agents: z.array(z.string()).default([]),
  /** True where the slot is none at which the playbook was due: its job had another schedule. */
  offSchedule: z.boolean().optional(),
  /** What the execution looks at: since the slot before this one. */
  window: z.object({ start: z.date(), end: z.date() }),
  startedAt: z.date(),
  /** When the database may delete the record. */
  expireAt: z.date(),
};
const underWayFields = {
  ...headerFields,
  stepsExecuted: z.number().int(),
  steps: z.record(z.string(), StepRecord),
};
const finishedFields = {
  ...headerFields,
  stepsExecuted: z.number().int(),
  steps: z.record(z.string(), EndedStep),
  completedAt: z.date(),
  /** Milliseconds from start to end. */
  duration: z.number(),
  /** Outputs by step path; a large one is named by where it lies. */
  results: z.record(z.string(), JsonValue),
  criteria: z.array(CriterionResult),
  spend: Spend,
  /** The runner that ended it: tells a runner whose last answer was lost whether the end is its own. */
  runner: z.string(),
};

/** The fields of an execution by its status, before they are held against each other. */
export const executionFields = {
  running: z.object({
    ...underWayFields,
    status: z.literal('running'),
    /** When it must have ended, unless it waits in between: only the time in which it runs counts. */
    deadlineAt: z.date(),
    lease: Lease,
    /** When somebody has to look after it, by the runner's clock: the end of the lease. Earlier versions did not write it. */
    wakeAt: z.date().optional(),
  }),
  waiting: z.object({
    ...underWayFields,
    status: z.literal('waiting'),
    /** What its steps wait for, by the path of the step. */
    waitsFor: z.record(z.string(), Suspension),
    /** When it goes on by itself at the latest; to wake it, set this to the present. */
    wakeAt: z.date(),
    /** How long it may run on after that, in milliseconds. */
    remainingMs: z.number().nonnegative(),
    /** The runner that parked it: tells a runner whose last answer was lost whether it did. */
    runner: z.string(),
  }),
  succeeded: z.object({ ...finishedFields, status: z.literal('succeeded'), success: z.literal(true), error: z.null() }),
  failed: z.object({
    ...finishedFields,
    status: z.literal('failed'),
    success: z.literal(false),
    error: z.string(),
    failure: Failure,
    failedStep: z.string().nullable(),
  }),
  cancelled: z.object({
    ...finishedFields,
    status: z.literal('cancelled'),
    success: z.literal(false),
    error: z.string(),
    failure: Failure.refine(({ code }) => code === 'cancelled', 'of a cancelled execution says that'),
    failedStep: z.string().nullable(),
  }),
  skipped: z.object({
    ...headerFields,
    stepsExecuted: z.literal(0),
    steps: z.record(z.string(), z.never()),
    status: z.literal('skipped'),
    success: z.literal(true),
    error: z.null(),
    completedAt: z.date(),
    duration: z.literal(0),
    results: z.record(z.string(), z.never()),
    reason: z.enum(['disabled', 'paused', 'maintenance', 'stale', 'repeated_hour']),
    explanation: z.string(),
  }),
};
const { running, waiting, succeeded, failed, cancelled, skipped } = executionFields;

/** One running of one playbook for one slot. The status decides which other fields exist; no two of them disagree. */
export const Execution = z
  .discriminatedUnion('status', [running, waiting, succeeded, failed, cancelled, skipped])
  .transform((execution, context) => {
    for (const message of contradictionsIn(execution)) context.addIssue({ code: 'custom', message });
    return { ...execution, ...occasionIn(execution, context) };
  });
export type Execution = z.infer<typeof Execution>;
/** An execution that a runner works on; it has a lease. */
export type RunningExecution = Extract<Execution, { status: 'running' }>;
/** An execution that waits for something, and that no runner works on. */
export type WaitingExecution = Extract<Execution, { status: 'waiting' }>;
/** An execution that has not ended. */
export type UnendedExecution = RunningExecution | WaitingExecution;
/** An execution that nothing changes any more. */
export type EndedExecution = Exclude<Execution, UnendedExecution>;
/** A slot for which nothing ran, on purpose. */
export type SkippedExecution = Extract<Execution, { status: 'skipped' }>;
/** An execution whose steps ran, and that has ended. */
export type FinishedExecution = Extract<Execution, { status: 'succeeded' | 'failed' | 'cancelled' }>;
/** An execution that a person or another execution has stopped. */
export type CancelledExecution = Extract<Execution, { status: 'cancelled' }>;
/** An execution that has failed. */
export type FailedExecution = Extract<Execution, { status: 'failed' }>;

/** Whether an execution has ended: nothing of it runs, and nothing ever will. The only question that tells so. */
export function isEnded<One extends Pick<Execution, 'status'>>(
  execution: One,
): execution is Exclude<One, { readonly status: 'running' | 'waiting' }> {
  return execution.status !== 'running' && execution.status !== 'waiting';
}
