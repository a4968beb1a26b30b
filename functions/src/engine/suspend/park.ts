import { wakeAtOf, type Suspension } from '#language/playbook/suspension.ts';
import type { WaitingExecution } from '../record/execution.ts';
import { executedCount } from '../record/contradictions.ts';
import { recordedSteps } from '../record/iterations.ts';
import type { StepRecord } from '../record/step-schema.ts';
import type { RunState } from '../state/run-state.ts';

/**
 * The record of an execution of which nothing can go on: what its steps wait for, when somebody has to look again, and how
 * long it may run after that. The time in which it waits counts for no deadline.
 */
export function parkedExecution({ execution, journal, engine }: RunState): WaitingExecution {
  const { status: _, lease, deadlineAt, wakeAt: __, ...header } = execution;
  const now = engine.clock.now();
  const waitsFor = Object.fromEntries(suspensionsIn(journal.steps.values()));
  const steps = recordedSteps(journal.steps.values());
  const wakesAtMs = Object.values(waitsFor).map((suspension) => wakeAtOf(suspension, now).getTime());
  return {
    ...header,
    status: 'waiting',
    steps: Object.fromEntries(steps.map((step) => [step.path, step])),
    stepsExecuted: executedCount(steps),
    waitsFor,
    wakeAt: new Date(Math.min(...wakesAtMs)),
    remainingMs: Math.max(0, deadlineAt.getTime() - now.getTime()),
    runner: lease.owner,
  };
}

/** What steps wait for, by the path of the step. */
function suspensionsIn(steps: Iterable<StepRecord>): readonly (readonly [string, Suspension])[] {
  return [...steps].flatMap(({ path, attempts }) => {
    const last = attempts.at(-1);
    return last?.status === 'waiting' ? [[path, last.suspension] as const] : [];
  });
}
