import type { SkippedExecution } from '../engine/execution.ts';

/** Why a slot was skipped. A local hour that comes twice, when clocks are turned back, is due once. */
export type SkipReason = SkippedExecution['reason'] | 'repeated_hour';

/** Whether an execution ran for a slot at which its playbook was not due by its own schedule. Older records do not say. */
export function isOffSchedule(execution: object): boolean {
  return 'offSchedule' in execution && execution.offSchedule === true;
}

/** How many attempts of a step its record does not hold, between the first and the last few. */
export function attemptsOmitted(step: object): number {
  const count = 'attemptsOmitted' in step ? step.attemptsOmitted : undefined;
  return typeof count === 'number' && Number.isInteger(count) ? Math.max(0, count) : 0;
}
