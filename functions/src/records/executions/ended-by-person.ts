import type { FailedExecution, RunningExecution } from '#engine/record/execution.ts';
import { type Failure, failureOf } from '#core/failure.ts';
import { endedFields, failedFields } from '#engine/finish.ts';
import { failed } from '#engine/record/step-record.ts';
import { stepUnderWay } from '#engine/record/step-under-way.ts';

/** The runner of an execution that a person ended. No real runner has this name, so one that comes back sees that the end is not its own. */
export const ENDED_BY_PERSON = 'ended-by-person';

/** The failure of an execution that a person ended. */
export function endedByPerson(email: string, reason: string): Failure {
  return failureOf('interrupted', { message: `${email} ended it: ${reason}` });
}

/**
 * The record of an execution that a person ends: failed, with everything known. Steps in progress fail with it, and their
 * attempts are interrupted: it is unknown whether their effects happened. `failedStep` is the innermost of these steps.
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
