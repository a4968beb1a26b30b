import { z } from 'zod';
import { Failure } from '#core/failure.ts';
import { JsonValue, type Json } from '#core/json.ts';
import { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';
import { Suspension } from '#language/playbook/suspension.ts';

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

/** What a record says of the end of an attempt or a step. */
export const endedFields = { completedAt: z.date(), durationMs: z.number() };

const succeeded = z.object({
  ...attemptFields,
  ...endedFields,
  status: z.literal('succeeded'),
  output: JsonValue.optional(),
  outputRef: PayloadRef.optional(),
  /** What had to be changed to make the output JSON, in words. */
  normalised: z.array(z.string()).optional(),
});

/** The output of an attempt: in the record itself, or stored outside it. */
export type RecordedOutput =
  { readonly output: Json; readonly outputRef?: never } | { readonly outputRef: PayloadRef; readonly output?: never };

/** An attempt that left an output. */
export type SucceededAttempt = Omit<z.infer<typeof succeeded>, 'output' | 'outputRef'> & RecordedOutput;

/** One try of one step. The status decides which other fields exist. */
export const Attempt = z.discriminatedUnion('status', [
  z.object({ ...attemptFields, status: z.literal('running') }),
  /** It goes on once what it waits for has happened, in whatever process. */
  z.object({ ...attemptFields, status: z.literal('waiting'), suspension: Suspension }),
  succeeded.transform(({ output, outputRef, ...attempt }, context): SucceededAttempt => {
    if (output !== undefined && outputRef === undefined) return { ...attempt, output };
    if (outputRef !== undefined && output === undefined) return { ...attempt, outputRef };
    context.addIssue({ code: 'custom', message: 'succeeded, and so has either an output or an outputRef' });
    return z.NEVER;
  }),
  z.object({ ...attemptFields, ...endedFields, status: z.literal('failed'), failure: Failure }),
  /** Its runner vanished; whether its effect happened is not known. */
  z.object({ ...attemptFields, ...endedFields, status: z.literal('interrupted') }),
]);
export type Attempt = z.infer<typeof Attempt>;

/** An attempt under way. */
export type RunningAttempt = Extract<Attempt, { status: 'running' }>;
/** An attempt that waits; no runner works on it. */
export type WaitingAttempt = Extract<Attempt, { status: 'waiting' }>;
/** An attempt that ended without an output. */
export type FruitlessAttempt = Extract<Attempt, { status: 'failed' | 'interrupted' }>;

/** The only attempt of a control step: its decision. It has no input and no calls. */
export type Decision = Pick<SucceededAttempt, 'number' | 'status' | 'startedAt' | 'completedAt' | 'durationMs'> & {
  readonly output: Json;
  readonly outputRef?: never;
  readonly input?: never;
  readonly modelCalls?: never;
  readonly toolCalls?: never;
  readonly normalised?: never;
};

/** The attempts that a step made and its record does not hold: those between the first and the last few. */
export const OmittedAttempts = z
  .object({
    count: z.number().int().positive(),
    /** How many of them failed by themselves, which is what a retry policy counts. */
    failed: z.number().int().nonnegative(),
    /** All their model calls, so that spend stays exact. */
    modelCalls: z.array(ModelCall),
  })
  .refine(({ count, failed }) => failed <= count, 'more attempts failed than were made');
export type OmittedAttempts = z.infer<typeof OmittedAttempts>;

/** Milliseconds from one instant to another; 0 where the clocks of two machines tell otherwise. */
export function elapsedMs(startedAt: Date, completedAt: Date): number {
  return Math.max(0, completedAt.getTime() - startedAt.getTime());
}

/** The end of what began at `startedAt`. */
export function endOf(startedAt: Date, completedAt: Date): { readonly completedAt: Date; readonly durationMs: number } {
  return { completedAt, durationMs: elapsedMs(startedAt, completedAt) };
}

/** The attempt after its runner vanished: one under way becomes interrupted; one that waits has no runner to lose. */
export function interruptedAttempt<Other extends FruitlessAttempt | WaitingAttempt>(
  attempt: RunningAttempt | Other,
  now: Date,
): FruitlessAttempt | Other {
  return attempt.status === 'running' ? interruption(attempt, now) : attempt;
}

/** The attempt after its step ended without it. */
export function abandonedAttempt(
  attempt: RunningAttempt | WaitingAttempt | FruitlessAttempt,
  now: Date,
): FruitlessAttempt {
  return attempt.status === 'running' || attempt.status === 'waiting' ? interruption(attempt, now) : attempt;
}

function interruption(attempt: RunningAttempt | WaitingAttempt, now: Date): FruitlessAttempt {
  const { number, startedAt, input, modelCalls, toolCalls } = attempt;
  const told = {
    ...(input !== undefined && { input }),
    ...(modelCalls && { modelCalls }),
    ...(toolCalls && { toolCalls }),
  };
  return { number, startedAt, ...told, status: 'interrupted', ...endOf(startedAt, now) };
}
