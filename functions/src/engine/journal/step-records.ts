import { weightOf } from '#core/json-weight.ts';
import type { RunningExecution } from '../record/execution.ts';
import type { StepRecord } from '../record/step-schema.ts';

/** All steps as they are, what they weigh, and which of them the next write has to carry. */
export function stepRecords(execution: RunningExecution) {
  const steps = new Map(Object.entries(execution.steps));
  const weights = new Map(Array.from(steps, ([path, step]) => [path, weightOf(step)] as const));
  let total = Array.from(weights.values()).reduce((sum, bytes) => sum + bytes, 0);
  let unwritten = new Map<string, StepRecord>();
  let ended = false;
  const put = (step: StepRecord): void => {
    const bytes = weightOf(step);
    total += bytes - (weights.get(step.path) ?? 0);
    weights.set(step.path, bytes);
    steps.set(step.path, step);
    unwritten.set(step.path, step);
    ended ||= step.status !== 'running';
  };
  return {
    steps,
    weight: (): number => total,
    hasEnded: (): boolean => ended,
    put,
    /** All steps of an execution that has ended, also one that runs on: an alert that is still being delivered. */
    putEnded(ended: Readonly<Record<string, StepRecord>>): void {
      for (const step of Object.values(ended)) if (steps.get(step.path) !== step) put(step);
    },
    hasUnwritten: (): boolean => unwritten.size > 0,
    takeUnwritten(): ReadonlyMap<string, StepRecord> {
      const taken = unwritten;
      unwritten = new Map();
      return taken;
    },
  };
}
