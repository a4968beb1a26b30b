import type { Failure } from '#core/failure.ts';
import type { Step } from '#language/playbook/playbook.ts';
import type { StepPath } from '#language/playbook/step-path.ts';
import { failedUntried, skipped, type StepPlace } from '../record/step-record.ts';
import type { RunState } from '../state/run-state.ts';
import { failedView, SKIPPED } from './step-views.ts';

/** Records that the `if` of a step was false. */
export function skip(step: Step, path: StepPath, run: RunState): void {
  run.journal.put(skipped(placeOf(step, path, run), 'Its if was false.', run.engine.clock.now()));
  run.scope.set(step.id, SKIPPED);
  run.progress();
}

/** Records that a step failed before its first attempt. */
export function failUnrun(step: Step, path: StepPath, failure: Failure, run: RunState): Failure {
  run.journal.put(failedUntried(placeOf(step, path, run), failure, run.engine.clock.now()));
  run.scope.set(step.id, failedView(failure));
  run.progress();
  return failure;
}

/** Which step a record is of, and the how manyth to begin. */
export function placeOf({ id, type }: Step, path: StepPath, run: RunState): StepPlace {
  return { path, id, type, order: run.journal.steps.get(path)?.order ?? run.journal.takeOrder() };
}
