import { weightOf } from '#core/json-weight.ts';
import { documentOf } from '../record/iterations.ts';
import type { StepRecord } from '../record/step-schema.ts';

/** All steps as they are, what they weigh in which document, and which of them the next write has to carry. */
export function stepRecords(recorded: Iterable<readonly [string, StepRecord]>) {
  const steps = new Map(recorded);
  const weights = weightsOf(steps);
  let unwritten = new Map<string, StepRecord>();
  let ended = false;
  let order = Array.from(steps.values()).reduce((next, step) => Math.max(next, step.order + 1), 0);
  const put = (step: StepRecord): void => {
    weights.weigh(step);
    steps.set(step.path, step);
    unwritten.set(step.path, step);
    ended ||= step.status !== 'running';
  };
  return {
    steps,
    weight: weights.around,
    takeOrder: (): number => (order += 1) - 1,
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

/** What steps take, in bytes, by the document that keeps them. */
function weightsOf(steps: ReadonlyMap<string, StepRecord>) {
  const each = new Map<string, number>();
  const totals = new Map<string | undefined, number>();
  const around = (path: string): number => totals.get(documentOf(path)) ?? 0;
  const weigh = (step: StepRecord): void => {
    const bytes = weightOf(step);
    totals.set(documentOf(step.path), around(step.path) + bytes - (each.get(step.path) ?? 0));
    each.set(step.path, bytes);
  };
  for (const step of steps.values()) weigh(step);
  return { around, weigh };
}
