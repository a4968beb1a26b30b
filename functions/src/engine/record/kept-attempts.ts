import type { Attempt, OmittedAttempts, StepRecord } from './execution.ts';

/** How many attempts of a step its record holds of the first ones, and of the last ones. */
const FIRST_KEPT = 2;
const LAST_KEPT = 4;

type RunningStep = Extract<StepRecord, { status: 'running' }>;

/** The step with one attempt more. Of many attempts the record holds the first and the last few, and counts the others. */
export function withAttempt(step: RunningStep, attempt: Attempt): RunningStep {
  const attempts = [...step.attempts, attempt];
  if (attempts.length <= FIRST_KEPT + LAST_KEPT) return { ...step, attempts };
  const [left] = attempts.splice(FIRST_KEPT, 1);
  return { ...step, attempts, ...(left !== undefined && { omitted: omittedWith(step.omitted, left) }) };
}

function omittedWith(omitted: OmittedAttempts | undefined, left: Attempt): OmittedAttempts {
  const { count, failed, modelCalls } = omitted ?? { count: 0, failed: 0, modelCalls: [] };
  return {
    count: count + 1,
    failed: failed + (left.status === 'failed' ? 1 : 0),
    modelCalls: [...modelCalls, ...(left.modelCalls ?? [])],
  };
}

/** How many attempts of a step have begun. */
export function attemptsBegun({ attempts, omitted }: Pick<StepRecord, 'attempts' | 'omitted'>): number {
  return attempts.length + (omitted?.count ?? 0);
}

/** How many attempts count against the retry policy: those that failed by themselves. */
export function attemptsFailed({ attempts, omitted }: Pick<StepRecord, 'attempts' | 'omitted'>): number {
  return attempts.filter(({ status }) => status === 'failed').length + (omitted?.failed ?? 0);
}
