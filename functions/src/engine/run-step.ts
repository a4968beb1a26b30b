import { durationMs } from './duration.ts';
import { attemptStep, attemptsMade } from './attempt.ts';
import type { Attempt, StepRecord } from './execution.ts';
import type { Failure } from './failure.ts';
import type { RunState } from './run-state.ts';
import type { RetryPolicy, Step } from './playbook.ts';
import { retryDelayMs } from './retry.ts';
import { failureView } from './scope.ts';
import type { ActionStepType } from './step-type.ts';

const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 3, initialDelay: '1s', factor: 2, maxDelay: '30s' };
const NO_RETRY: RetryPolicy = { ...DEFAULT_RETRY, maxAttempts: 1 };

/** How often a step may lose its runner before it counts as the reason: a step that kills its runner must not loop. */
const MAX_INTERRUPTIONS = 5;

/** A step as it is about to run: where it stands, what it is, and what the record says of it so far. */
export interface RunnableStep {
  readonly path: string;
  readonly step: Step;
  readonly type: ActionStepType;
}

/**
 * Tries a step until it succeeds or its retry policy gives up, and puts every attempt down before the next begins.
 * Resolves to the failure, if it failed for good. Throws only what ends this runner (`lease_lost`, `unavailable`).
 */
export async function runActionStep(runnable: RunnableStep, run: RunState): Promise<Failure | undefined> {
  const { path, step, type } = runnable;
  const began = beginStep(runnable, run);
  const attempts: Attempt[] = [...began.attempts];
  if (attempts.filter((attempt) => attempt.status === 'interrupted').length >= MAX_INTERRUPTIONS) {
    return endStep(began, attempts, run, tooManyInterruptions(path));
  }
  if (run.signal.aborted) return endStep(began, attempts, run, run.toFailure(run.signal.reason));

  const policy = step.retry ?? type.defaultRetry ?? (safeEffect(type, step) === 'unkeyed' ? NO_RETRY : DEFAULT_RETRY);
  for (;;) {
    const made = attemptsMade(attempts);
    const last = attempts.at(-1);
    if (last?.status === 'failed') {
      const delayMs = retryDelayMs(policy, made, last.failure, run.engine.random);
      if (delayMs === undefined || !fitsDeadline(delayMs, run)) return endStep(began, attempts, run, last.failure);
      run.journal.put({ ...began, attempts: [...attempts] });
      run.journal.kick();
      const waited = await waitBeforeRetry(delayMs, run);
      if (waited !== undefined) return endStep(began, attempts, run, waited);
    }
    const lastAttempt = made + 1 >= policy.maxAttempts;
    const attempt = await attemptStep(runnable, { began, earlier: attempts, lastAttempt }, run);
    attempts.push(attempt);
    if (attempt.status === 'succeeded') return endStep(began, attempts, run, undefined);
  }
}

/** The record of a step that begins, or goes on where another runner left it. */
function beginStep({ path, step }: RunnableStep, run: RunState): Extract<StepRecord, { status: 'running' }> {
  const recorded = run.journal.steps.get(path);
  if (recorded?.status === 'running') return recorded;
  return {
    path,
    id: step.id,
    type: step.type,
    status: 'running',
    order: run.journal.steps.size,
    startedAt: run.engine.clock.now(),
    attempts: [],
  };
}

function endStep(
  began: Extract<StepRecord, { status: 'running' }>,
  attempts: readonly Attempt[],
  run: RunState,
  failure: Failure | undefined,
): Failure | undefined {
  const completedAt = run.engine.clock.now();
  const { status: _, ...fields } = began;
  const ended = {
    ...fields,
    attempts: [...attempts],
    completedAt,
    durationMs: Math.max(0, completedAt.getTime() - began.startedAt.getTime()),
  };
  if (failure === undefined) {
    run.journal.put({ ...ended, status: 'succeeded' });
  } else {
    run.journal.put({ ...ended, status: 'failed', failure, continued: false });
    run.scope.set(began.id, { status: 'failed', output: null, failure: failureView(failure) });
  }
  run.progress();
  return failure;
}

/** Waiting into the deadline would hide why the step failed behind the deadline. */
function fitsDeadline(delayMs: number, { execution, engine }: RunState): boolean {
  return engine.clock.now().getTime() + delayMs < execution.deadlineAt.getTime();
}

/** Waits; resolves to the failure that ends the step instead, when the deadline comes first. */
async function waitBeforeRetry(delayMs: number, run: RunState): Promise<Failure | undefined> {
  try {
    await run.engine.clock.sleep(delayMs, run.signal);
    return undefined;
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    return run.toFailure(thrown);
  }
}

function safeEffect(type: ActionStepType, step: Step): string {
  try {
    return type.effect(step);
  } catch {
    // The attempt itself meets the same error and records it; until then nothing may be repeated.
    return 'unkeyed';
  }
}

function tooManyInterruptions(path: string): Failure {
  return {
    code: 'interrupted',
    class: 'transient',
    message: `The runner vanished ${MAX_INTERRUPTIONS} times during ${path}; it is not tried again.`,
  };
}

export function timeoutMsOf({ step, type }: RunnableStep): number {
  return step.timeout === undefined ? type.defaultTimeoutMs : durationMs(step.timeout);
}
