import { interrupted, isDecided } from './step-record.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { RunningExecution } from './execution.ts';
import type { StepRecord } from './step-schema.ts';

/**
 * The steps of the iterations of a claimed execution, by path; nothing is read where it has none. An attempt that was under
 * way has lost its runner. Throws what the store throws.
 */
export async function readIterations(
  execution: RunningExecution,
  { store, clock }: { readonly store: Pick<ExecutionStore, 'readIterations'>; readonly clock: { now(): Date } },
): Promise<ReadonlyMap<string, StepRecord>> {
  if (!Object.values(execution.steps).some(({ spread }) => spread?.kind === 'each')) return new Map();
  const now = clock.now();
  const steps = await store.readIterations(execution.id);
  return new Map(Array.from(steps, ([path, step]) => [path, withoutRunner(step, now)]));
}

function withoutRunner(step: StepRecord, now: Date): StepRecord {
  return step.status === 'running' && !isDecided(step) ? interrupted(step, now) : step;
}
