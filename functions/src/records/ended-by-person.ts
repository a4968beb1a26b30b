import type { Attempt, FinishedExecution, RunningExecution, StepRecord } from '../engine/execution.ts';
import { type Failure, failureClassOf } from '../engine/failure.ts';
import { spendOf } from '../engine/finish.ts';
import type { Json } from '../engine/json.ts';
import { stepUnderWay } from './seen-execution.ts';

/** Stands as the runner of what a person ended. No runner is called so: one that comes back knows that the end is not its own. */
export const ENDED_BY_PERSON = 'ended-by-person';

/** An execution that failed, as its record says it. */
export type FailedExecution = Extract<FinishedExecution, { status: 'failed' }>;

/** Outputs beyond this many bytes are named in `results` by where they lie, as at any other end. */
const MAX_RESULT_BYTES = 4 * 1024;
/** How many attempts of a step stay at each end in a record that is too large for its own end. */
const KEPT_ATTEMPTS = 3;

/** The failure of what a person ended. */
export function endedByPerson(email: string, reason: string): Failure {
  return { code: 'interrupted', class: failureClassOf('interrupted'), message: `${email} ended it: ${reason}` };
}

/**
 * The record of an execution that a person ends: failed, with all that is known. What was under way has failed with it, and
 * its attempt is interrupted: nobody knows whether its effect happened. `failedStep` is the innermost of these steps.
 */
export function failedByPerson(execution: RunningExecution, failure: Failure, now: Date): FailedExecution {
  const { status: _, lease: __, deadlineAt: ___, ...header } = execution;
  const steps = Object.fromEntries(
    Object.entries(execution.steps).map(([path, step]) => [path, endedStep(step, failure, now)]),
  );
  const records = Object.values(steps).toSorted((a, b) => a.order - b.order);
  const failedStep = stepUnderWay(execution) ?? null;
  return {
    ...header,
    steps,
    stepsExecuted: records.filter(({ status }) => status === 'succeeded' || status === 'failed').length,
    completedAt: now,
    duration: millisecondsBetween(header.startedAt, now),
    results: resultsOf(records),
    criteria: [],
    spend: spendOf(records),
    runner: ENDED_BY_PERSON,
    status: 'failed',
    success: false,
    error: failedStep === null ? failure.message : `${failedStep}: ${failure.message}`,
    failure,
    failedStep,
  };
}

/**
 * The same end in less room, for a record that is as large as a document may be: without results, and of many attempts of a
 * step the first and the last few, with how many are left out.
 */
export function shortened(finished: FailedExecution): FailedExecution {
  const steps = Object.entries(finished.steps).map(([path, step]) => [path, withFewAttempts(step)] as const);
  return { ...finished, results: {}, steps: Object.fromEntries(steps) };
}

function withFewAttempts(step: StepRecord): StepRecord {
  const attemptsOmitted = step.attempts.length - 2 * KEPT_ATTEMPTS;
  if (attemptsOmitted <= 0) return step;
  const attempts = [...step.attempts.slice(0, KEPT_ATTEMPTS), ...step.attempts.slice(-KEPT_ATTEMPTS)];
  const shorter = { ...step, attempts, attemptsOmitted };
  return shorter;
}

function endedStep(step: StepRecord, failure: Failure, now: Date): StepRecord {
  if (step.status !== 'running') return step;
  return {
    ...step,
    status: 'failed',
    completedAt: now,
    durationMs: millisecondsBetween(step.startedAt, now),
    failure,
    continued: false,
    attempts: step.attempts.map((attempt) => interrupted(attempt, now)),
  };
}

function interrupted(attempt: Attempt, now: Date): Attempt {
  if (attempt.status !== 'running') return attempt;
  const durationMs = millisecondsBetween(attempt.startedAt, now);
  return { ...attempt, status: 'interrupted', completedAt: now, durationMs };
}

function resultsOf(records: readonly StepRecord[]): Record<string, Json> {
  const results: Record<string, Json> = {};
  for (const { path, status, attempts } of records) {
    const last = attempts.at(-1);
    if (status !== 'succeeded' || last?.status !== 'succeeded') continue;
    results[path] = last.outputRef === undefined ? inlineResult(path, last.output ?? null) : { ...last.outputRef };
  }
  return results;
}

function inlineResult(path: string, output: Json): Json {
  const bytes = Buffer.byteLength(JSON.stringify(output));
  return bytes <= MAX_RESULT_BYTES ? output : { bytes, at: `steps.${path}.attempts` };
}

function millisecondsBetween(start: Date, end: Date): number {
  return Math.max(0, end.getTime() - start.getTime());
}
