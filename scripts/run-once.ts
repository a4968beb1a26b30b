import type { Execution } from '../functions/src/engine/execution.ts';
import { executionIdOf } from '../functions/src/engine/execution-id.ts';
import type { Documents } from '../functions/src/ports/documents.ts';
import { loadExecution } from '../functions/src/records/executions.ts';
import { callRunner } from './call-runner.ts';
import { firstSlots, type LocalJob } from './local-scheduler.ts';

/** What became of a playbook that was run: its record, or why there is none. */
export type Ran =
  | { readonly job: LocalJob; readonly kind: 'recorded'; readonly execution: Execution }
  | { readonly job: LocalJob; readonly kind: 'unrecorded'; readonly problem: string };

/** Runs a job once, through the runner, for the best slot that no execution has yet; without one, by hand. Never rejects. */
export async function runOnce(job: LocalJob, documents: Documents, now: Date): Promise<Ran> {
  try {
    const answer = await callRunner(job, await freeSlot(job, documents, now));
    const execution = answer.executionId && (await loadExecution(documents, answer.executionId));
    if (execution) return { job, kind: 'recorded', execution };
    return { job, kind: 'unrecorded', problem: answer.error ?? `The runner answered ${answer.httpStatus}.` };
  } catch (thrown) {
    return { job, kind: 'unrecorded', problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Whether a playbook that was run has succeeded. */
export function hasSucceeded(ran: Ran): boolean {
  return ran.kind === 'recorded' && ran.execution.status === 'succeeded';
}

async function freeSlot(job: LocalJob, documents: Documents, now: Date): Promise<Date | null> {
  for (const slot of firstSlots(job, now)) {
    const id = executionIdOf(job.playbookId, slot, () => '');
    if ((await loadExecution(documents, id)) === undefined) return slot;
  }
  return null;
}
