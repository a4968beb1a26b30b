import { randomUUID } from 'node:crypto';
import { PlaybookError } from '#core/failure.ts';
import type { Execution } from '#engine/record/execution.ts';
import { runExecution } from '#engine/run-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { manualRequest, type StartWorld } from '#records/executions/execution-request.ts';
import { readManualStart, type ManualStart } from '#records/executions/manual-start.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';

/** A playbook and its manual start. */
export interface ManualRun extends ManualStart {
  readonly playbookId: string;
  readonly by: string;
  /** Called whenever a step begins, tries or ends; must not throw. */
  readonly onProgress?: ((execution: Execution) => void) | undefined;
}

/** Runs a playbook manually, as described in `App`. */
export async function runManually(
  { playbookId, onProgress, ...said }: ManualRun,
  documents: Documents,
  { engine, loadPeople }: { readonly engine: Engine; readonly loadPeople: StartWorld['loadPeople'] },
): Promise<Execution> {
  const start = readManualStart(said);
  const record = await loadPlaybook(documents, playbookId);
  if (record === undefined) {
    throw new PlaybookError('invalid_playbook', `Unknown playbook ${playbookId}. Seed it with npm run seed.`);
  }
  const request = await manualRequest(record, start, { now: engine.clock.now(), newId: randomUUID, loadPeople });
  const ran = await runExecution({ ...request, ...(onProgress === undefined ? {} : { onProgress }) }, engine);
  if (ran.kind === 'another_request') {
    throw new PlaybookError(
      'input_invalid',
      `The request id of ${ran.execution.id} was already used for a different start.`,
    );
  }
  return ran.execution;
}
