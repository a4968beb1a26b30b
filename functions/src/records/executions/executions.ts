import type {
  ExecutionChanges,
  ExecutionStore,
  Fence,
  NextState,
  StoredExecution,
  StoreLimit,
  WriteOutcome,
} from '#engine/record/execution-store.ts';
import { Execution, type RunningExecution, type SkippedExecution } from '#engine/record/execution.ts';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import {
  DocumentsError,
  type Documents,
  type StoredDocument,
  type UpdateTime,
  type Write,
} from '#ports/documents/documents.ts';
import { documentFields, fromDocument } from '../store/document-json.ts';
import { fieldChanges } from './execution-changes.ts';
import { facetsOf } from './execution-facets.ts';
import { loadOutputText, saveOutputText } from './execution-outputs.ts';
import { iterationWrites, readIterations } from './execution-iterations.ts';
import { statisticsWrite } from '../figures/playbook-statistics.ts';
import { databaseFailure, reachable } from '../store/reachable.ts';
import { FIRST_FORMAT, refuseLaterFormat } from '../store/record-format.ts';
import { withShortSteps } from './short-steps.ts';
import { spendWrite } from '../figures/spend.ts';

/** The collection of the executions. */
export const EXECUTIONS = 'playbook_executions';

/**
 * Executions in `playbook_executions/{id}`, each with its searchable `facets`. Their large outputs are in
 * `outputs/{stepPath}@{hash}` below, so that a late runner does not overwrite what another has recorded; the steps of
 * iterations are in `playbook_items/{iteration}`.
 */
export function executionStore(documents: Pick<Documents, 'get' | 'commit' | 'query'>): ExecutionStore {
  return {
    create: (execution, limit) => outcomeOf(documents.commit(creation(execution), limit)),
    async read(id, limit) {
      const stored = await reachable(documents.get(pathOf(id), limit));
      return stored === undefined ? undefined : storedExecution(stored);
    },
    readIterations: (id) => readIterations(documents, pathOf(id)),
    write: (id, changes, fence, limit) => writeChanges(documents, { id, changes, fence }, limit),
    saveOutput: ({ id, expireAt }, stepPath, json) =>
      saveOutputText(documents, { path: `${pathOf(id)}/outputs/${stepPath}`, stepPath, expireAt }, json),
    loadOutput: (ref) => loadOutputText(documents, ref),
  };
}

interface ConditionalChange {
  readonly id: string;
  readonly changes: ExecutionChanges;
  readonly fence: Fence;
}

async function writeChanges(
  documents: Pick<Documents, 'commit'>,
  { id, changes, fence }: ConditionalChange,
  limit: StoreLimit | undefined,
): Promise<WriteOutcome> {
  const [update, ...counted] = executionWrites(id, changes, fence);
  const outcome = await outcomeOf(documents.commit([update, ...counted], limit));
  // The figures are a separate document, which may be the refused one; the end must not depend on it.
  const endsWithout = outcome.kind === 'refused' && changes.next.kind === 'ended_short';
  return endsWithout ? outcomeOf(documents.commit([update], limit)) : outcome;
}

/**
 * A change of one version of an execution, as writes of one commit: only the changed fields, and with its end the figures
 * that count it.
 */
export function executionWrites(id: string, changes: ExecutionChanges, fence: Fence): readonly [Write, ...Write[]] {
  const update = { kind: 'update', path: pathOf(id), changes: fieldChanges(changes), ifUpdateTime: fence } as const;
  return [update, ...iterationWrites(pathOf(id), changes), ...figures(changes.next)];
}

/** An execution as readers see it. Throws `internal` when the record is not one, and `record_from_newer_version`. */
export function readExecution(stored: StoredDocument): Execution {
  refuseLaterFormat(stored);
  const parsed = Execution.safeParse(withShortSteps(fromDocument(stored.data)));
  if (parsed.success) return parsed.data;
  throw new PlaybookError(
    'internal',
    `The record ${stored.path} is not an execution (${issuesInWords(parsed.error)}).`,
  );
}

/** The execution of this id, or undefined. Throws `unavailable`, and `internal` when the record is not one. */
export async function loadExecution(documents: Pick<Documents, 'get'>, id: string): Promise<Execution | undefined> {
  const stored = await reachable(documents.get(pathOf(id)));
  return stored === undefined ? undefined : readExecution(stored);
}

function pathOf(id: string): string {
  return `${EXECUTIONS}/${id}`;
}

function storedExecution(stored: StoredDocument): StoredExecution {
  const { updateTime, updatedAt, readAt } = stored;
  return { execution: readExecution(stored), fence: updateTime, updatedAt, readAt };
}

/** The creation of a record. A skipped one has already ended. */
function creation(execution: RunningExecution | SkippedExecution): readonly Write[] {
  const data = { ...documentFields(execution), format: FIRST_FORMAT, facets: facetsOf(execution) };
  const create = { kind: 'create', path: pathOf(execution.id), data } as const;
  return execution.status === 'skipped' ? [create, statisticsWrite(execution)] : [create];
}

/** What the end of an execution adds to the figures. It is in the same commit, which happens once, so they are exact. */
function figures(next: NextState): readonly Write[] {
  if (next.kind !== 'ended' && next.kind !== 'ended_short') return [];
  const { finished, iterations = [] } = next;
  const spend = spendWrite(finished, iterations);
  return [statisticsWrite(finished), ...(spend === undefined ? [] : [spend])];
}

async function outcomeOf(commit: Promise<UpdateTime>): Promise<WriteOutcome> {
  try {
    return { kind: 'written', fence: await commit };
  } catch (thrown) {
    if (!(thrown instanceof DocumentsError)) throw thrown;
    switch (thrown.code) {
      case 'already_exists':
      case 'conflict':
      case 'not_found':
        return { kind: 'conflict' };
      case 'unavailable':
        return { kind: thrown.mayBeApplied ? 'unknown' : 'not_written', cause: thrown };
      case 'invalid':
        return { kind: 'refused', cause: databaseFailure(thrown) };
      case 'denied':
        throw databaseFailure(thrown);
    }
  }
}
