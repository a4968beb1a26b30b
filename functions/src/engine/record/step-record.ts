import { failureOf, type Failure } from '#core/failure.ts';
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import {
  abandonedAttempt,
  endOf,
  interruptedAttempt,
  type FruitlessAttempt,
  type RunningAttempt,
  type SucceededAttempt,
  type WaitingAttempt,
} from './attempt.ts';
import { withAttempt } from './kept-attempts.ts';
import type { Route } from './step-trace.ts';
import type {
  DecidedStep,
  EndedStep,
  FailedStep,
  RunningStep,
  SkippedStep,
  StepRecord,
  SucceededStep,
  UnderWayStep,
} from './step-schema.ts';

/** Which step a record is of, and the how manyth to begin. */
export type StepPlace = Pick<StepRecord, 'path' | 'id' | 'type' | 'order'>;

/** How much a shortened record holds of why something failed. */
export const MAX_SHORT_MESSAGE_CHARS = 1_000;

/** An action that begins. */
export function begun(place: StepPlace, now: Date): UnderWayStep {
  return { ...placeOf(place), status: 'running', startedAt: now, attempts: [] };
}

/** The step with an attempt more, which begins, waits or has failed. */
export function attempted(
  step: UnderWayStep,
  attempt: RunningAttempt | WaitingAttempt | FruitlessAttempt,
): UnderWayStep {
  const { omitted: _, attempts: __, ...rest } = step;
  return { ...rest, ...withAttempt(step, attempt) };
}

/** The attempt of a step that waits, and the step as it was before that attempt; undefined where none waits. */
export function waitingIn(
  step: UnderWayStep,
): { readonly waiting: WaitingAttempt; readonly before: UnderWayStep } | undefined {
  const waiting = step.attempts.at(-1);
  if (waiting?.status !== 'waiting') return undefined;
  return { waiting, before: { ...step, attempts: step.attempts.slice(0, -1) } };
}

/** The step whose attempt under way, if there is one, has lost its runner. */
export function interrupted(step: UnderWayStep, now: Date): UnderWayStep {
  return { ...step, attempts: step.attempts.map((attempt) => interruptedAttempt(attempt, now)) };
}

/** An action that ends well, with the attempt that did. */
export function succeeded(step: UnderWayStep, attempt: SucceededAttempt, now: Date): SucceededStep {
  const { omitted: _, attempts, ...rest } = step;
  const earlier = attempts.map((one) => abandonedAttempt(one, now));
  const trace = withAttempt({ ...step, attempts: earlier }, attempt);
  return { ...rest, ...trace, ...endOf(step.startedAt, now), status: 'succeeded' };
}

/** A step that ends with a failure; an attempt of it that is under way is interrupted. */
export function failed(step: RunningStep, failure: Failure, now: Date): FailedStep {
  const end = { ...endOf(step.startedAt, now), status: 'failed', failure, continued: false } as const;
  if (isDecided(step)) return { ...step, ...end };
  return { ...step, ...end, attempts: step.attempts.map((attempt) => abandonedAttempt(attempt, now)) };
}

/** A step that fails before its first attempt. */
export function failedUntried(place: StepPlace, failure: Failure, now: Date): FailedStep {
  return failed(begun(place, now), failure, now);
}

/** A step that is left out. */
export function skipped(place: StepPlace, reason: string, now: Date): SkippedStep {
  return { ...placeOf(place), startedAt: now, ...endOf(now, now), status: 'skipped', reason, attempts: [] };
}

/** A control step that has decided. Without a block there is none for what it decided. */
export function decided(
  place: StepPlace,
  { output, route }: { readonly output: Json; readonly route: Route },
  now: Date,
): DecidedStep {
  const decision = { number: 1, status: 'succeeded', startedAt: now, ...endOf(now, now), output } as const;
  return { ...placeOf(place), status: 'running', startedAt: now, attempts: [decision], ...route };
}

/** A control step whose block has ended well. */
export function completed(step: DecidedStep, now: Date): SucceededStep {
  return { ...step, ...endOf(step.startedAt, now), status: 'succeeded' };
}

/** A failed step after which the execution continues. */
export function continued(step: FailedStep): FailedStep {
  return { ...step, continued: true };
}

/** An ended step without its attempts, and with only the beginning of why it failed. */
export function shortened(step: EndedStep): EndedStep {
  if (step.status === 'skipped') return step;
  const { attempts: _, omitted: __, shortened: ___, ...bare } = step;
  const trace = { attempts: [], shortened: true } as const;
  if (bare.status === 'succeeded') return { ...bare, ...trace };
  return { ...bare, ...trace, failure: shortFailure(bare.failure) };
}

/** A failure without evidence, and with only the beginning of its message. */
export function shortFailure({ code, message }: Failure): Failure {
  return failureOf(code, { message: cut(message, MAX_SHORT_MESSAGE_CHARS) });
}

/** Whether a running step is a control step, which has decided. */
export function isDecided(step: RunningStep): step is DecidedStep {
  return step.attempts[0]?.status === 'succeeded';
}

/** The attempt that a step succeeded with, or what a control step decided; undefined in a shortened record. */
export function lastAttempt(step: SucceededStep): SucceededAttempt | undefined {
  const last = step.attempts.at(-1);
  return last?.status === 'succeeded' ? last : undefined;
}

function placeOf({ path, id, type, order }: StepPlace): StepPlace {
  return { path, id, type, order };
}
