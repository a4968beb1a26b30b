import { PlaybookError } from '#core/failure.ts';
import type { Step } from '#language/playbook/playbook.ts';
import { pathOf, type StepPath } from '#language/playbook/step-path.ts';
import { COMPLETED, type Rest, stopped, WAITS } from '../state/rest.ts';
import type { RunState, Stop } from '../state/run-state.ts';
import { rethrowIfOver, scopeFor } from '../step/read-back.ts';
import { runActionStep } from '../step/run-step.ts';
import { runControlStep } from './run-control.ts';
import { goOn, hasGoneOn, runRecordedStep } from './recorded-steps.ts';
import { failUnrun, skip } from './untried-steps.ts';

/**
 * Runs a list of steps in order, at the top level where there is no `parent`. A recorded step is not run again: what the
 * record says of it counts. Resolves to how the list came to rest. Throws only what ends this runner (`lease_lost`,
 * `unavailable`, `ShuttingDown`).
 */
export async function runSteps(steps: readonly Step[], parent: StepPath | undefined, run: RunState): Promise<Rest> {
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    const path = pathOf(parent, step);
    const rest = restOf(runRecordedStep(step, path, run)) ?? (await runNewStep(step, path, run));
    if (rest.kind === 'waits') return WAITS;
    if (rest.kind === 'completed') continue;

    const onFailure = step.onFailure ?? 'abort';
    if (onFailure === 'abort' || (run.signal.aborted && !hasGoneOn(path, run))) return rest;
    goOn(step, path, rest.stop, run);
    if (onFailure !== 'continue') index = indexAfter(steps, onFailure, index) - 1;
  }
  return COMPLETED;
}

function restOf(recorded: Stop | 'done' | undefined): Rest | undefined {
  if (recorded === undefined) return undefined;
  return recorded === 'done' ? COMPLETED : stopped(recorded);
}

function indexAfter(steps: readonly Step[], target: string, current: number): number {
  const index = steps.findIndex((step) => step.id === target);
  if (index > current) return index;
  throw new PlaybookError('invalid_playbook', `onFailure names ${target}, which is not a later step in the same list.`);
}

async function runNewStep(step: Step, path: StepPath, run: RunState): Promise<Rest> {
  run.journal.lost.throwIfAborted();
  run.shutdown.begun.throwIfAborted();
  // What has begun must end, too; what has not leaves no trace.
  if (run.signal.aborted && !run.journal.steps.has(path)) {
    return stopped({ path, failure: run.toFailure(run.signal.reason) });
  }
  try {
    if (!(await isDue(step, path, run))) {
      skip(step, path, run);
      return COMPLETED;
    }
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return stopped({ path, failure: failUnrun(step, path, run.toFailure(thrown), run) });
  }
  const type = run.engine.stepTypes.get(step.type);
  if (type === undefined) {
    throw new PlaybookError('internal', `The step type ${step.type} was known when the execution began.`);
  }
  if (type.kind === 'control') return runControlStep({ step, path, type }, run, runSteps);
  const ended = await runActionStep({ path, step, type }, run);
  if (ended === 'waits') return WAITS;
  return ended === undefined ? COMPLETED : stopped({ path, failure: ended });
}

/** Whether its `if` lets the step run. One that has begun is not asked again; a condition decides by its `if` itself. */
async function isDue(step: Step, path: StepPath, run: RunState): Promise<boolean> {
  if (step.if === undefined || run.journal.steps.has(path)) return true;
  const type = run.engine.stepTypes.get(step.type);
  if (type?.kind === 'control' && type.expressions(step).some(({ field }) => field === 'if')) return true;
  return run.expressions.isTrue(step.if, await scopeFor([step.if], run.engine.clock.now(), run));
}
