import type { FailedExecution, RunningExecution } from '#engine/record/execution.ts';
import { type Failure, failureOf } from '#core/failure.ts';
import { endedFields, failedFields } from '#engine/finish.ts';
import { failed } from '#engine/record/step-record.ts';
import { stepUnderWay } from '#engine/record/step-under-way.ts';

/** Stands as the runner of what a person ended. No runner is called so: one that comes back knows that the end is not its own. */
export const ENDED_BY_PERSON = 'ended-by-person';

/** The failure of what a person ended. */
export function endedByPerson(email: string, reason: string): Failure {
  return failureOf('interrupted', { message: `${email} ended it: ${reason}` });
}

/**
 * The record of an execution that a person ends: failed, with all that is known. What was under way has failed with it, and
 * its attempt is interrupted: nobody knows whether its effect happened. `failedStep` is the innermost of these steps.
 */
export function failedByPerson(execution: RunningExecution, failure: Failure, now: Date): FailedExecution {
  const steps = Object.values(execution.steps).map((step) =>
    step.status === 'running' ? failed(step, failure, now) : step,
  );
  return {
    ...endedFields(execution, steps, now),
    ...failedFields({ path: stepUnderWay(Object.values(execution.steps)) ?? null, failure }),
    criteria: [],
    runner: ENDED_BY_PERSON,
  };
}
