import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { DocumentsError, type Documents, type StoredDocument } from '#ports/documents/documents.ts';
import { documentFields } from '../store/document-json.ts';
import { findDocument } from '../store/find-document.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { databaseFailure } from '../store/reachable.ts';
import { FIRST_FORMAT } from '../store/record-format.ts';
import { openedThread, type NewThread } from './thread-states.ts';
import { Evidence, Thread, ThreadSummary } from './thread.ts';

/** The collection of the threads. */
export const THREADS = 'playbook_threads';

/** How long a thread waits for a decision by default. */
export const DEFAULT_DEADLINE_MS = 7 * DAY_MS;

/** The thread of this id, or undefined. Throws `unavailable`, and `internal` when the record is not one. */
export async function loadThread(documents: Pick<Documents, 'get'>, id: string): Promise<Thread | undefined> {
  const stored = await findDocument(documents, THREADS, id);
  return stored === undefined ? undefined : readThread(stored);
}

/** The thread in a document, including one that was opened before threads could be decided. Throws `internal`. */
export function readThread(stored: StoredDocument): Thread {
  return parsedRecord(Thread, stored, defaultsOf(stored));
}

/** The summary in a thread's document, read in full or in part. Throws `internal`. */
export function readThreadSummary(stored: StoredDocument): ThreadSummary {
  return parsedRecord(ThreadSummary, stored, defaultsOf(stored));
}

/**
 * Opens a thread: with a deadline, it waits for a decision. An existing one, opened by the same step of the same execution, is
 * left unchanged. Throws `unavailable` (it MAY exist; opening again is safe), `unauthenticated`, `input_invalid` (too large).
 */
export async function openThread(documents: Documents, id: string, opened: NewThread): Promise<void> {
  const path = `${THREADS}/${id}`;
  const thread = openedThread(opened);
  const { executionId, playbookId } = opened.evidence;
  const data = documentFields({ ...thread, format: FIRST_FORMAT, executionId, playbookId });
  try {
    await documents.commit([{ kind: 'create', path, data }]);
  } catch (thrown) {
    if (!(thrown instanceof DocumentsError)) throw thrown;
    if (thrown.code === 'already_exists' && (await isOpen(documents, path, thread))) return;
    if (thrown.code === 'already_exists') {
      throw new PlaybookError('internal', `Another step or execution owns ${path}: ${thrown.message}`, {
        cause: thrown,
      });
    }
    throw databaseFailure(thrown, { what: 'The thread could not be stored', invalid: 'input_invalid' });
  }
}

async function isOpen(documents: Documents, path: string, thread: Thread): Promise<boolean> {
  const stored = await documents.get(path);
  const evidence = Evidence.safeParse(stored?.data['evidence']);
  return (
    evidence.success &&
    evidence.data.executionId === thread.evidence.executionId &&
    evidence.data.stepPath === thread.evidence.stepPath
  );
}

/** Defaults for fields that the first threads did not have. */
function defaultsOf({ data }: StoredDocument): Readonly<Record<string, unknown>> {
  const evidence = Evidence.safeParse(data['evidence']).data;
  const createdAt = z.date().safeParse(data['createdAt']).data;
  const isAsking = data['needsApproval'] === true && createdAt !== undefined;
  return {
    executionId: evidence?.executionId,
    playbookId: evidence?.playbookId,
    deadlineAt: isAsking ? new Date(createdAt.getTime() + DEFAULT_DEADLINE_MS) : null,
    decision: null,
    revisions: [],
    closed: null,
    updatedAt: createdAt,
  };
}
