import { startOf } from '#core/cut.ts';
import { createHash } from 'node:crypto';
import type {
  ExecutionChanges,
  ExecutionStore,
  Fence,
  NextState,
  StoredExecution,
  StoreLimit,
  WriteOutcome,
} from '#engine/record/execution-store.ts';
import { Execution } from '#engine/record/execution.ts';
import type { FinishedExecution, RunningExecution, SkippedExecution } from '#engine/record/execution.ts';
import type { PayloadRef } from '#engine/record/attempt.ts';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import { parseJson } from '#core/json.ts';
import type { Json } from '#core/json.ts';
import { DELETE_FIELD, DocumentsError } from '#ports/documents/documents.ts';
import type { Documents, FieldChange, StoredDocument, UpdateTime, Write } from '#ports/documents/documents.ts';
import { documentFields, fromDocument, toDocument } from '../store/document-json.ts';
import { facetsOf } from './execution-facets.ts';
import { statisticsWrite } from '../figures/playbook-statistics.ts';
import { databaseFailure, reachable } from '../store/reachable.ts';
import { RECORD_FORMAT, refuseLaterFormat } from '../store/record-format.ts';
import { withShortSteps } from './short-steps.ts';
import { spendWrite } from '../figures/spend.ts';

/** The collection of the executions. */
export const EXECUTIONS = 'playbook_executions';

/** A character takes at most 3 bytes here, so a part stays below the size limit of a field. */
const PART_CHARS = 300_000;
const PREVIEW_CHARS = 500;

/**
 * Executions in `playbook_executions/{id}`, each with its searchable `facets`. Their large outputs are in
 * `outputs/{stepPath}@{hash}` below, so that a late runner does not overwrite what another has recorded.
 */
export function executionStore(documents: Pick<Documents, 'get' | 'commit'>): ExecutionStore {
  return {
    create: (execution, limit) => outcomeOf(documents.commit(creation(execution), limit)),
    async read(id, limit) {
      const stored = await reachable(documents.get(pathOf(id), limit));
      return stored === undefined ? undefined : storedExecution(stored);
    },
    write: (id, changes, fence, limit) => writeChanges(documents, { id, changes, fence }, limit),
    async saveOutput({ id, expireAt }, stepPath, json) {
      const ref = refOf(`${pathOf(id)}/outputs/${stepPath}`, json);
      const parts = partsOf(json);
      for (const [index, part] of parts.entries()) {
        const data = {
          stepPath,
          bytes: ref.bytes,
          sha256: ref.sha256,
          part: index,
          parts: parts.length,
          json: part,
          expireAt,
        };
        await reachable(documents.commit([{ kind: 'set', path: partPath(ref.path, index), data }]));
      }
      return ref;
    },
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
  return [update, ...figures(changes.next)];
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

/** The full output that a record refers to. Throws `internal` when it is not what was saved. */
export async function loadOutput(documents: Pick<Documents, 'get'>, ref: PayloadRef): Promise<Json> {
  return parseJson(await loadOutputText(documents, ref));
}

async function loadOutputText(documents: Pick<Documents, 'get'>, ref: PayloadRef): Promise<string> {
  let json = '';
  for (let part = 0, parts = 1; part < parts; part += 1) {
    const stored = await reachable(documents.get(partPath(ref.path, part)));
    if (typeof stored?.data['json'] !== 'string' || typeof stored.data['parts'] !== 'number') throw damaged(ref);
    parts = stored.data['parts'];
    json += stored.data['json'];
  }
  if (hashOf(json) !== ref.sha256) throw damaged(ref);
  return json;
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
  const data = { ...documentFields(execution), format: RECORD_FORMAT, facets: facetsOf(execution) };
  const create = { kind: 'create', path: pathOf(execution.id), data } as const;
  return execution.status === 'skipped' ? [create, statisticsWrite(execution)] : [create];
}

/** What the end of an execution adds to the figures. It is in the same commit, which happens once, so they are exact. */
function figures(next: NextState): readonly Write[] {
  if (next.kind === 'running') return [];
  const { finished } = next;
  const spend = spendWrite(finished);
  return [statisticsWrite(finished), ...(spend === undefined ? [] : [spend])];
}

function fieldChanges({ steps, stepsExecuted, next }: ExecutionChanges): FieldChange[] {
  const changes: FieldChange[] = Array.from(steps, ([path, step]) => ({
    field: ['steps', path],
    value: toDocument(step, 2),
  }));
  if (next.kind === 'running') {
    changes.push({ field: ['lease'], value: toDocument(next.lease, 1) });
    if (steps.size > 0) changes.push({ field: ['stepsExecuted'], value: stepsExecuted });
    return changes;
  }
  return next.kind === 'ended' ? [...changes, ...endChanges(next.finished)] : shortEndChanges(next.finished);
}

function endChanges(finished: FinishedExecution): FieldChange[] {
  const changes = Object.entries(finished).flatMap(([name, value]): FieldChange[] =>
    name === 'steps' || value === undefined ? [] : [{ field: [name], value: toDocument(value, 1) }],
  );
  // Otherwise they are those that it began with.
  if (finished.status === 'failed') changes.push({ field: ['facets'], value: facetsOf(finished) });
  for (const gone of ['lease', 'deadlineAt']) changes.push({ field: [gone], value: DELETE_FIELD });
  return changes;
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

function hashOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

function refOf(path: string, json: string): PayloadRef {
  const sha256 = hashOf(json);
  return {
    path: `${path}@${sha256.slice(0, 16)}`,
    bytes: Buffer.byteLength(json),
    sha256,
    preview: startOf(json, PREVIEW_CHARS),
  };
}

function partPath(path: string, part: number): string {
  return part === 0 ? path : `${path}~${part}`;
}

/** Never cuts between the halves of a surrogate pair, which no database would accept alone. */
function partsOf(json: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < json.length;) {
    let end = Math.min(json.length, start + PART_CHARS);
    if (end < json.length && /[\uD800-\uDBFF]/.test(json.charAt(end - 1))) end -= 1;
    parts.push(json.slice(start, end));
    start = end;
  }
  return parts;
}

function damaged(ref: PayloadRef): PlaybookError {
  return new PlaybookError('internal', `The output at ${ref.path} is missing or is not what was saved.`);
}
