import { PlaybookError } from '#core/failure.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import { ALERT_PATH } from './alert.ts';
import { failed } from './record/step-record.ts';
import { stepUnderWay } from './record/step-under-way.ts';
import type { RunState, Stop } from './state/run-state.ts';

/** How many runners in a row may vanish before a step ends. After that the execution fails, and people are notified. */
const MAX_INTERRUPTIONS = 3;

/** What names a step type, tool or channel that does not exist must not begin: half of it would be done. */
export function checkRunnable(run: RunState): Stop | undefined {
  for (const { path, step } of allSteps(run.playbook.steps, run.engine.stepTypes)) {
    try {
      const type = run.engine.stepTypes.get(step.type);
      if (type === undefined) {
        throw new PlaybookError('invalid_playbook', `There is no step type ${step.type}; this runner may be too old.`);
      }
      if (type.kind === 'action') type.effect(step);
    } catch (thrown) {
      run.thrown.set(path, thrown);
      return { path, failure: run.toFailure(thrown) };
    }
  }
  return undefined;
}

/** A step that kills its runner must not do so at every delivery there is: the last one ends the execution. */
export function vanishedTooOften(run: RunState): Stop | undefined {
  const { interruptions } = run.execution.lease;
  if (interruptions < MAX_INTERRUPTIONS) return undefined;
  const underWay = stepUnderWay(run.journal.steps.values());
  const where = underWay === undefined ? '' : ` during ${underWay}`;
  const failure = run.toFailure(
    new PlaybookError(
      'interrupted',
      `The runner vanished ${interruptions} times in a row${where}: it was killed, or ran out of memory. It is not tried again.`,
    ),
  );
  for (const step of run.journal.steps.values()) {
    if (step.status === 'running') run.journal.put(failed(step, failure, run.engine.clock.now()));
  }
  // All steps of the playbook have ended before: they say how it went.
  return underWay === ALERT_PATH ? undefined : { path: underWay ?? null, failure };
}
