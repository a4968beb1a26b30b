import type { Execution, RunningExecution } from '#engine/record/execution.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { EXECUTIONS, readExecution } from './executions.ts';
import { findDocument } from '../store/find-document.ts';
import { type RunnerSilence, runnerSilence } from './runner-silence.ts';

/** An execution that has not ended, and whether its runner was silent when it was read. */
export type SeenRunning = RunningExecution & RunnerSilence;

/** An execution as it was read at one moment. */
export type SeenExecution = Exclude<Execution, RunningExecution> | SeenRunning;

/** The execution in a document, with the state of its runner when it was read. Throws `internal` when the record is not one. */
export function seenExecution(stored: StoredDocument): SeenExecution {
  const execution = readExecution(stored);
  return execution.status === 'running' ? { ...execution, ...runnerSilence(execution, stored) } : execution;
}

/** The execution of an id that a person may have typed, or undefined. Throws `unavailable`, and `internal` when it is damaged. */
export async function findExecution(documents: Pick<Documents, 'get'>, id: string): Promise<SeenExecution | undefined> {
  const stored = await findDocument(documents, EXECUTIONS, id);
  return stored === undefined ? undefined : seenExecution(stored);
}
