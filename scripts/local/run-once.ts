import { randomUUID } from 'node:crypto';
import type { Execution } from '#engine/record/execution.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { loadExecution } from '#records/executions/executions.ts';
import type { RunnerAnswer, RunnerCall } from './call-runner.ts';
import type { LocalJob } from './delivery-queues.ts';

/** Who starts the first executions, according to their records. */
const BY = 'npm start';

/** The result of running a playbook: its record, or why it has none. */
export type Ran =
  | { readonly job: LocalJob; readonly kind: 'recorded'; readonly execution: Execution }
  | { readonly job: LocalJob; readonly kind: 'unrecorded'; readonly problem: string };

/** The runner, and where it stores its records. */
export interface RunWorld {
  readonly documents: Pick<Documents, 'get'>;
  call(playbookId: string, call: RunnerCall): Promise<RunnerAnswer>;
}

/** Runs the playbook of a job once, like a manual start: every input has its default. Never rejects. */
export async function runOnce(job: LocalJob, { documents, call }: RunWorld): Promise<Ran> {
  try {
    // Half of it is enough on one machine, and makes an id that people can type.
    const requestId = randomUUID().slice(0, 13);
    const answer = await call(job.playbookId, { kind: 'manual', start: { requestId, by: BY } });
    const execution = answer.executionId && (await loadExecution(documents, answer.executionId));
    if (execution) return { job, kind: 'recorded', execution };
    return { job, kind: 'unrecorded', problem: answer.error ?? `The runner answered ${answer.httpStatus}.` };
  } catch (thrown) {
    return { job, kind: 'unrecorded', problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Whether a playbook that was run succeeded. */
export function hasSucceeded(ran: Ran): boolean {
  return ran.kind === 'recorded' && ran.execution.status === 'succeeded';
}
