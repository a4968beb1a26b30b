import { type Failure, PlaybookError } from '#core/failure.ts';
import type { Step } from '#language/playbook/playbook.ts';
import type { ControlStepType } from '#language/playbook/step-type.ts';
import { pathOf } from '#language/playbook/steps-in-order.ts';
import {
  completed,
  decided,
  failed,
  failedUntried,
  isDecided,
  skipped,
  type StepPlace,
} from '../record/step-record.ts';
import type { DecidedStep } from '../record/step-schema.ts';
import type { RunState, Stop } from '../state/run-state.ts';
import { rethrowIfOver, scopeFor } from '../step/read-back.ts';
import { runActionStep } from '../step/run-step.ts';
import { blockNamed, goOn, hasGoneOn, runRecordedStep } from './recorded-steps.ts';
import { failedView, SKIPPED, succeededView } from './step-views.ts';

/**
 * Runs a list of steps in order. A recorded step is not run again: what the record says of it counts. Resolves to what
 * stopped the list, if something did. Throws only what ends this runner (`lease_lost`, `unavailable`, `ShuttingDown`).
 */
export async function runSteps(steps: readonly Step[], parentPath: string, run: RunState): Promise<Stop | undefined> {
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    const path = pathOf(parentPath, step);
    const stop = runRecordedStep(step, path, run) ?? (await runNewStep(step, path, run));
    if (stop === undefined || stop === 'done') continue;

    const onFailure = step.onFailure ?? 'abort';
    if (onFailure === 'abort' || (run.signal.aborted && !hasGoneOn(path, run))) return stop;
    goOn(step, path, stop, run);
    if (onFailure !== 'continue') index = indexAfter(steps, onFailure, index) - 1;
  }
  return undefined;
}

function indexAfter(steps: readonly Step[], target: string, current: number): number {
  const index = steps.findIndex((step) => step.id === target);
  if (index > current) return index;
  throw new PlaybookError('invalid_playbook', `onFailure names ${target}, which is not a later step in the same list.`);
}

async function runNewStep(step: Step, path: string, run: RunState): Promise<Stop | undefined> {
  run.journal.lost.throwIfAborted();
  run.shutdown.begun.throwIfAborted();
  // What has begun must end, too; what has not leaves no trace.
  if (run.signal.aborted && !run.journal.steps.has(path)) return { path, failure: run.toFailure(run.signal.reason) };
  try {
    if (!(await isDue(step, path, run))) return skip(step, path, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return { path, failure: failUnrun(step, path, run.toFailure(thrown), run) };
  }
  const type = run.engine.stepTypes.get(step.type);
  if (type === undefined) {
    throw new PlaybookError('internal', `The step type ${step.type} was known when the execution began.`);
  }
  if (type.kind === 'control') return runControlStep(step, path, type, run);
  const failure = await runActionStep({ path, step, type }, run);
  return failure === undefined ? undefined : { path, failure };
}

/** Whether its `if` lets the step run. One that has begun is not asked again; a condition decides by its `if` itself. */
async function isDue(step: Step, path: string, run: RunState): Promise<boolean> {
  if (step.if === undefined || run.journal.steps.has(path)) return true;
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind === 'control' && type.expressions(step).some(({ field }) => field === 'if')) return true;
  return run.expressions.isTrue(step.if, await scopeFor([step.if], run.engine.clock.now(), run));
}

function skip(step: Step, path: string, run: RunState): undefined {
  run.journal.put(skipped(placeOf(step, path, run), 'Its if was false.', run.engine.clock.now()));
  run.scope.set(step.id, SKIPPED);
  run.progress();
}

function failUnrun(step: Step, path: string, failure: Failure, run: RunState): Failure {
  run.journal.put(failedUntried(placeOf(step, path, run), failure, run.engine.clock.now()));
  run.scope.set(step.id, failedView(failure));
  run.progress();
  return failure;
}

function placeOf({ id, type }: Step, path: string, run: RunState): StepPlace {
  return { path, id, type, order: run.journal.steps.get(path)?.order ?? run.journal.steps.size };
}

/** Chooses a block, records the choice so that a resumed execution takes the same way, and runs it. */
async function runControlStep(
  step: Step,
  path: string,
  type: ControlStepType,
  run: RunState,
): Promise<Stop | undefined> {
  const record = await decideOnce(step, path, type, run);
  if (record.status === 'failed') return { path, failure: record.failure };
  run.progress();

  const stop = await runSteps(blockNamed(type, step, record.block), path, run);
  const now = run.engine.clock.now();
  if (stop === undefined) {
    run.journal.put(completed(record, now));
  } else {
    run.journal.put(failed(record, stop.failure, now));
    run.scope.set(step.id, failedView(stop.failure));
  }
  run.progress();
  return stop;
}

/** What an earlier runner decided, or what is decided now and recorded; where that fails, the failed step. */
async function decideOnce(
  step: Step,
  path: string,
  type: ControlStepType,
  run: RunState,
): Promise<DecidedStep | { readonly status: 'failed'; readonly failure: Failure }> {
  const recorded = run.journal.steps.get(path);
  if (recorded?.status === 'running' && isDecided(recorded)) return seen(recorded, run);
  const now = run.engine.clock.now();
  try {
    const sources = type.expressions(step).map(({ expression }) => expression);
    const scope = await scopeFor(sources, now, run);
    const decision = type.decide(step, (expression) => run.expressions.evaluate(expression, scope));
    const record = decided(placeOf(step, path, run), decision, now);
    run.journal.put(record);
    return seen(record, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return { status: 'failed', failure: failUnrun(step, path, run.toFailure(thrown), run) };
  }
}

/** A decision, which later expressions see. */
function seen(record: DecidedStep, run: RunState): DecidedStep {
  run.scope.set(record.id, succeededView({ kind: 'value', value: record.attempts[0].output }));
  return record;
}
