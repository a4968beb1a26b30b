import type { StepRecord } from './step-schema.ts';

/** The path of the step that is under way, the innermost one; undefined between two steps. */
export function stepUnderWay(steps: Iterable<StepRecord>): string | undefined {
  let latest: StepRecord | undefined;
  for (const step of steps) {
    if (step.status === 'running' && step.order >= (latest?.order ?? 0)) latest = step;
  }
  return latest?.path;
}
