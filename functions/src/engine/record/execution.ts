import { z } from 'zod';
import { Failure } from '#core/failure.ts';
import { JsonValue } from '#core/json.ts';
import { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';

/** Where a payload lies that is too large for the record: `playbook_executions/{id}/outputs/{stepPath}@{hash}`. */
export const PayloadRef = z.object({ path: z.string(), bytes: z.number(), sha256: z.string(), preview: z.string() });
export type PayloadRef = z.infer<typeof PayloadRef>;

const attemptFields = {
  number: z.number().int(),
  startedAt: z.date(),
  /** The fields of the step after `${{ }}` was filled in, redacted. Absent when filling in failed. */
  input: JsonValue.optional(),
  modelCalls: z.array(ModelCall).optional(),
  toolCalls: z.array(ToolCall).optional(),
};
const endedFields = { completedAt: z.date(), durationMs: z.number() };

/** One try of one step. The status decides which other fields exist. */
export const Attempt = z.discriminatedUnion('status', [
  z.object({ ...attemptFields, status: z.literal('running') }),
  z.object({
    ...attemptFields,
    ...endedFields,
    status: z.literal('succeeded'),
    output: JsonValue.optional(),
    outputRef: PayloadRef.optional(),
    /** What had to be changed to make the output JSON, in words. */
    normalised: z.array(z.string()).optional(),
  }),
  z.object({ ...attemptFields, ...endedFields, status: z.literal('failed'), failure: Failure }),
  /** Its runner vanished; whether its effect happened is not known. */
  z.object({ ...attemptFields, ...endedFields, status: z.literal('interrupted') }),
]);
export type Attempt = z.infer<typeof Attempt>;

/** The attempts that a step made and its record does not hold: those between the first and the last few. */
export const OmittedAttempts = z.object({
  count: z.number().int(),
  /** How many of them failed by themselves, which is what a retry policy counts. */
  failed: z.number().int(),
  /** All their model calls, so that spend stays exact. */
  modelCalls: z.array(ModelCall),
});
export type OmittedAttempts = z.infer<typeof OmittedAttempts>;

const stepFields = {
  path: z.string(),
  id: z.string(),
  type: z.string(),
  /** The order in which the steps of this execution began, from 0. */
  order: z.number().int(),
  startedAt: z.date(),
  /** All attempts, or the first and the last few where there were many; `number` says which is which. */
  attempts: z.array(Attempt),
  omitted: OmittedAttempts.optional(),
  /** The nested list of steps that a control step chose. */
  block: z.string().optional(),
};

/** What happened to one step. */
export const StepRecord = z.discriminatedUnion('status', [
  z.object({ ...stepFields, status: z.literal('running') }),
  z.object({ ...stepFields, ...endedFields, status: z.literal('succeeded') }),
  z.object({ ...stepFields, ...endedFields, status: z.literal('failed'), failure: Failure, continued: z.boolean() }),
  z.object({ ...stepFields, ...endedFields, status: z.literal('skipped'), reason: z.string() }),
]);
export type StepRecord = z.infer<typeof StepRecord>;

/** How a measured value is: well, noticeable, bad, or not to be told. */
export const Band = z.enum(['ok', 'warn', 'alert', 'unknown']);
export type Band = z.infer<typeof Band>;

/** A criterion at the end of an execution: what was measured, and its band. */
export const CriterionResult = z.object({
  id: z.string(),
  name: z.string().optional(),
  value: JsonValue,
  band: Band,
  unit: z.string().optional(),
  /** Why the band is unknown. */
  reason: z.string().optional(),
});
export type CriterionResult = z.infer<typeof CriterionResult>;

/** What started an execution: the job of the scheduler, or a person. */
export const Trigger = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), jobName: z.string().optional() }),
  z.object({ kind: z.literal('manual'), by: z.string().optional() }),
]);
export type Trigger = z.infer<typeof Trigger>;

/** The time-limited right of one runner to write to an execution. It ends `durationMs` after the last write, by server time. */
export const Lease = z.object({
  owner: z.string(),
  /** Changes with every write, so that a writer can tell whether a write whose answer was lost has happened. */
  nonce: z.string(),
  /** 0: its runner gave it back and went away in good order, so that anybody may take it at once. */
  durationMs: z.number(),
  takeovers: z.number().int(),
  /** How many runners vanished since a step last ended; one that gave its lease back did not vanish. */
  interruptions: z.number().int().default(0),
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
  /** The due instant this execution is for; null when it was started by hand. */
  slot: z.date().nullable(),
  trigger: Trigger,
  labels: z.record(z.string(), z.string()),
  /** The value of every input of the playbook, redacted; what expressions see as `inputs`. */
  inputs: z.record(z.string(), JsonValue).default({}),
  /** The one address that is told anything, whomever the playbook names; absent: whom it names. */
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
const bodyFields = { stepsExecuted: z.number().int(), steps: z.record(z.string(), StepRecord) };
const finishedFields = {
  ...headerFields,
  ...bodyFields,
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

/** One running of one playbook for one slot. The status decides which other fields exist. */
export const Execution = z.discriminatedUnion('status', [
  z.object({ ...headerFields, ...bodyFields, status: z.literal('running'), deadlineAt: z.date(), lease: Lease }),
  z.object({ ...finishedFields, status: z.literal('succeeded'), success: z.literal(true), error: z.null() }),
  z.object({
    ...finishedFields,
    status: z.literal('failed'),
    success: z.literal(false),
    error: z.string(),
    failure: Failure,
    failedStep: z.string().nullable(),
  }),
  z.object({
    ...headerFields,
    ...bodyFields,
    status: z.literal('skipped'),
    success: z.literal(true),
    error: z.null(),
    completedAt: z.date(),
    duration: z.number(),
    results: z.record(z.string(), JsonValue),
    reason: z.enum(['disabled', 'paused', 'maintenance', 'stale', 'repeated_hour']),
    explanation: z.string(),
  }),
]);
export type Execution = z.infer<typeof Execution>;
/** An execution that has not ended; it has a lease. */
export type RunningExecution = Extract<Execution, { status: 'running' }>;
/** A slot for which nothing ran, on purpose. */
export type SkippedExecution = Extract<Execution, { status: 'skipped' }>;
/** An execution whose steps ran, and that has ended. */
export type FinishedExecution = Extract<Execution, { status: 'succeeded' | 'failed' }>;
