import { attemptStep, resumeStep } from './attempt.ts';
import type { RunnableStep } from './runnable-step.ts';
import type { Failure } from '#core/failure.ts';
import { attemptsFailed } from '../record/kept-attempts.ts';
import { attempted, begun, failed, isDecided, succeeded, waitingIn } from '../record/step-record.ts';
import type { UnderWayStep } from '../record/step-schema.ts';
import type { SucceededAttempt, WaitingAttempt } from '../record/attempt.ts';
import type { Position, RestingAttempt } from './open-attempt.ts';
import { ShuttingDown, type RunState } from '../state/run-state.ts';
import type { RetryPolicy, Step } from '#language/playbook/playbook.ts';
import { retryDelayMs } from './retry.ts';
import { failureView, NO_OUTPUT } from '../state/scope.ts';
import type { ActionStepType } from '#language/playbook/step-type.ts';

const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 3, initialDelay: '1s', factor: 2, maxDelay: '30s' };
const NO_RETRY: RetryPolicy = { ...DEFAULT_RETRY, maxAttempts: 1 };

/**
 * Tries a step until it succeeds, its retry policy gives up or it has to wait, and records every attempt before the next
 * begins; an attempt that waited goes on. Resolves to `waits`, or to the failure if it failed for good. Throws only what ends this runner (`lease_lost`, `unavailable`,
 * `ShuttingDown`).
 */
export async function runActionStep(runnable: RunnableStep, run: RunState): Promise<Failure | 'waits' | undefined> {
  let began = beginStep(runnable, run);
  if (run.signal.aborted) return fail(began, run.toFailure(run.signal.reason), run);

  const policy = policyOf(runnable);
  for (;;) {
    const failed = attemptsFailed(began);
    const last = began.attempts.at(-1);
    if (last?.status === 'failed') {
      const delayMs = retryDelayMs(policy, failed, last.failure, run.engine.random);
      if (delayMs === undefined || !fitsDeadline(delayMs, run)) return fail(began, last.failure, run);
      run.journal.put(began);
      run.journal.kick();
      const waited = await waitBeforeRetry(delayMs, run);
      if (waited !== undefined) return fail(began, waited, run);
    }
    const lastAttempt = failed + 1 >= policy.maxAttempts;
    const suspended = waitingIn(began);
    began = suspended?.before ?? began;
    const attempt = await attemptOrResume(runnable, { began, lastAttempt }, suspended?.waiting, run);
    if (attempt.status === 'succeeded') return succeed(began, attempt, run);
    began = attempted(began, attempt);
    if (attempt.status === 'waiting') return wait(began, run);
  }
}

/** How often the step is tried: as it says itself, or its type; otherwise what may happen twice is tried once. */
function policyOf({ step, type }: RunnableStep): RetryPolicy {
  return step.retry ?? type.defaultRetry ?? (safeEffect(type, step) === 'unkeyed' ? NO_RETRY : DEFAULT_RETRY);
}

function attemptOrResume(
  runnable: RunnableStep,
  position: Position,
  waiting: WaitingAttempt | undefined,
  run: RunState,
): Promise<RestingAttempt> {
  return waiting === undefined
    ? attemptStep(runnable, position, run)
    : resumeStep(runnable, { ...position, waiting }, run);
}

/** The record of a step that begins, or continues where another runner stopped. */
function beginStep({ path, step: { id, type } }: RunnableStep, run: RunState): UnderWayStep {
  const recorded = run.journal.steps.get(path);
  if (recorded?.status === 'running' && !isDecided(recorded)) return recorded;
  return begun({ path, id, type, order: run.journal.takeOrder() }, run.engine.clock.now());
}

function succeed(began: UnderWayStep, attempt: SucceededAttempt, run: RunState): undefined {
  run.journal.put(succeeded(began, attempt, run.engine.clock.now()));
  run.progress();
}

function wait(waiting: UnderWayStep, run: RunState): 'waits' {
  run.journal.put(waiting);
  run.journal.kick();
  run.progress();
  return 'waits';
}

function fail(began: UnderWayStep, failure: Failure, run: RunState): Failure {
  run.journal.put(failed(began, failure, run.engine.clock.now()));
  run.scope.set(began.id, { status: 'failed', output: NO_OUTPUT, failure: failureView(failure) });
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
    await run.engine.clock.sleep(delayMs, AbortSignal.any([run.signal, run.shutdown.begun]));
    return undefined;
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    if (thrown instanceof ShuttingDown) throw thrown;
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
