import { z } from 'zod';
import { Failure } from '#core/failure.ts';
import { endedFields } from './attempt.ts';
import {
  decidedIn,
  fruitfulIn,
  fruitlessIn,
  shortenedIn,
  traceFields,
  underWayIn,
  type Decided,
  type Fruitful,
  type Fruitless,
  type LooseTrace,
  type Shortened,
  type UnderWay,
} from './step-trace.ts';

const stepFields = {
  path: z.string(),
  id: z.string(),
  type: z.string(),
  /** The order in which the steps of this execution began, from 0. */
  order: z.number().int(),
  startedAt: z.date(),
};

const running = z.object({ ...stepFields, ...traceFields, status: z.literal('running') });
const succeeded = z.object({ ...stepFields, ...traceFields, ...endedFields, status: z.literal('succeeded') });
const failed = z.object({
  ...stepFields,
  ...traceFields,
  ...endedFields,
  status: z.literal('failed'),
  failure: Failure,
  /** Whether the execution went on after it. */
  continued: z.boolean(),
});
const skipped = z.object({
  ...stepFields,
  ...endedFields,
  status: z.literal('skipped'),
  reason: z.string(),
  attempts: z.tuple([]),
  omitted: z.undefined().optional(),
  block: z.undefined().optional(),
  spread: z.undefined().optional(),
});

type WithTrace<Loose, Trace> = Trace extends unknown ? Omit<Loose, keyof LooseTrace> & Trace : never;

/** An action that has begun. */
export type UnderWayStep = WithTrace<z.infer<typeof running>, UnderWay>;
/** A control step that has decided, and whose block runs. */
export type DecidedStep = WithTrace<z.infer<typeof running>, Decided>;
export type RunningStep = UnderWayStep | DecidedStep;
export type SucceededStep = WithTrace<z.infer<typeof succeeded>, Fruitful | Decided | Shortened>;
export type FailedStep = WithTrace<z.infer<typeof failed>, Fruitless | Decided | Shortened>;
export type SkippedStep = z.infer<typeof skipped>;

const Succeeded = succeeded.transform((step, context): SucceededStep => {
  const trace = fruitfulIn(step) ?? decidedIn(step) ?? shortenedIn(step);
  return trace === undefined ? refuse(step, context) : { ...withoutTrace(step), ...trace };
});

const Failed = failed.transform((step, context): FailedStep => {
  const trace = fruitlessIn(step) ?? decidedIn(step) ?? shortenedIn(step);
  return trace === undefined ? refuse(step, context) : { ...withoutTrace(step), ...trace };
});

const Running = running.transform((step, context): RunningStep => {
  const decided = decidedIn(step);
  if (decided !== undefined) return { ...withoutTrace(step), ...decided };
  const underWay = underWayIn(step);
  return underWay === undefined ? refuse(step, context) : { ...withoutTrace(step), ...underWay };
});

/** What happened to one step that has ended. */
export const EndedStep = z.discriminatedUnion('status', [Succeeded, Failed, skipped]);
export type EndedStep = z.infer<typeof EndedStep>;

/** What happened to one step. The status decides which other fields exist, and how its attempts ended. */
export const StepRecord = z.discriminatedUnion('status', [Running, Succeeded, Failed, skipped]);
export type StepRecord = z.infer<typeof StepRecord>;

function withoutTrace<Loose extends LooseTrace>(step: Loose): Omit<Loose, keyof LooseTrace> {
  const { attempts: _, omitted: __, block: ___, spread: ____, shortened: _____, ...rest } = step;
  return rest;
}

function refuse({ status, attempts }: LooseTrace & { readonly status: string }, context: z.RefinementCtx): never {
  const tries = attempts.map((attempt) => `${attempt.number} ${attempt.status}`).join(', ') || 'none';
  context.addIssue({ code: 'custom', path: ['attempts'], message: `of a step that is ${status} cannot be: ${tries}` });
  return z.NEVER;
}
