import type {
  ExecutionChanges,
  ExecutionStore,
  Fence,
  NextState,
  StoredExecution,
  StoreLimit,
  WriteOutcome,
} from '#engine/record/execution-store.ts';
import {
  Execution,
  type FinishedExecution,
  type RunningExecution,
  type SkippedExecution,
  type WaitingExecution,
} from '#engine/record/execution.ts';
import { recordedSteps } from '#engine/record/iterations.ts';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import {
  DELETE_FIELD,
  DocumentsError,
  type Documents,
  type FieldChange,
  type StoredDocument,
  type UpdateTime,
  type Write,
} from '#ports/documents/documents.ts';
import { documentFields, fromDocument, toDocument } from '../store/document-json.ts';
import { facetsOf } from './execution-facets.ts';
import { loadOutputText, saveOutputText } from './execution-outputs.ts';
import { iterationWrites, readIterations } from './execution-iterations.ts';
import { statisticsWrite } from '../figures/playbook-statistics.ts';
import { databaseFailure, reachable } from '../store/reachable.ts';
import { FIRST_FORMAT, RECORD_FORMAT, refuseLaterFormat } from '../store/record-format.ts';
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

/** Earlier code must leave the record as it is. */
const LATEST_FORMAT: readonly FieldChange[] = [{ field: ['format'], value: RECORD_FORMAT }];

function fieldChanges({ steps, stepsExecuted, next }: ExecutionChanges): FieldChange[] {
  const changes: FieldChange[] = recordedSteps(steps.values()).map((step) => ({
    field: ['steps', step.path],
    value: toDocument(step, 2),
  }));
  if (Array.from(steps.values()).some(({ spread }) => spread !== undefined)) changes.push(...LATEST_FORMAT);
  const executed: FieldChange[] = changes.length > 0 ? [{ field: ['stepsExecuted'], value: stepsExecuted }] : [];
  switch (next.kind) {
    case 'running':
      return [...changes, ...leaseChanges(next), ...executed];
    case 'resumed':
      return [...changes, ...leaseChanges(next), ...executed, ...resumedChanges(next.deadlineAt)];
    case 'waiting':
      return [...changes, ...waitingChanges(next.waiting)];
    case 'ended':
      return [...changes, ...endChanges(next.finished)];
    case 'ended_short':
      return shortEndChanges(next.finished);
  }
}

function leaseChanges({ lease, wakeAt }: Pick<RunningExecution, 'lease'> & { readonly wakeAt: Date }): FieldChange[] {
  return [
    { field: ['lease'], value: toDocument(lease, 1) },
    { field: ['wakeAt'], value: wakeAt },
  ];
}

/** An execution that waited runs again. */
function resumedChanges(deadlineAt: Date): FieldChange[] {
  return [
    { field: ['status'], value: 'running' },
    { field: ['deadlineAt'], value: deadlineAt },
    ...gone('waitsFor', 'remainingMs', 'runner'),
  ];
}

/** A parked execution has no lease, and no deadline as long as it waits. Earlier code must not take it for one that runs. */
function waitingChanges({ waitsFor, wakeAt, remainingMs, runner, stepsExecuted }: WaitingExecution): FieldChange[] {
  const changed = { status: 'waiting', waitsFor, wakeAt, remainingMs, runner, stepsExecuted };
  return [
    ...LATEST_FORMAT,
    ...Object.entries(changed).map(([name, value]) => ({ field: [name], value: toDocument(value, 1) })),
    ...gone('lease', 'deadlineAt'),
  ];
}

function endChanges(finished: FinishedExecution): FieldChange[] {
  const changes = Object.entries(finished).flatMap(([name, value]): FieldChange[] =>
    name === 'steps' || value === undefined ? [] : [{ field: [name], value: toDocument(value, 1) }],
  );
  // Otherwise they are those that it began with.
  if (finished.status === 'cancelled') changes.push(...LATEST_FORMAT);
  if (finished.status !== 'succeeded') changes.push({ field: ['facets'], value: facetsOf(finished) });
  return [...changes, ...gone('lease', 'deadlineAt', 'wakeAt', 'waitsFor', 'remainingMs')];
}

function gone(...names: readonly string[]): FieldChange[] {
  return names.map((name) => ({ field: [name], value: DELETE_FIELD }));
}

/** Replaces all steps: their present content may be what makes the record too large. */
function shortEndChanges(finished: FinishedExecution): FieldChange[] {
  return [...endChanges(finished), { field: ['steps'], value: toDocument(finished.steps, 1) }];
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
