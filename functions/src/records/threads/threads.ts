import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { JsonValue } from '#core/json.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { DocumentsError, type Documents, type StoredDocument } from '#ports/documents/documents.ts';
import { documentFields } from '../store/document-json.ts';
import { findDocument } from '../store/find-document.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { databaseFailure } from '../store/reachable.ts';

/** The collection of the threads. */
export const THREADS = 'playbook_threads';

/** How long a thread waits for a decision unless its step says otherwise. */
export const DEFAULT_DEADLINE_MS = 7 * DAY_MS;

/** What a person said to a thread that asked, for good once `finalAt` has passed. It holds for the content of that hash. */
export const Decision = z.object({
  verdict: z.enum(['approved', 'rejected']),
  by: z.string(),
  at: z.date(),
  finalAt: z.date(),
  payloadSha256: z.string(),
  comment: z.string(),
});
export type Decision = z.infer<typeof Decision>;

/** What a thread said before a person changed it: only the fields that were changed. A payload of null: there was none. */
export const ThreadRevision = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  payload: JsonValue.optional(),
  /** Of the whole as it was. */
  payloadSha256: z.string(),
  /** Who changed it, and when. */
  by: z.string(),
  at: z.date(),
});
export type ThreadRevision = z.infer<typeof ThreadRevision>;

const Evidence = z.object({ executionId: z.string(), playbookId: z.string(), stepPath: z.string() });

/** An item of the inbox: `playbook_threads/{executionId}_{stepPath}`. */
export const Thread = z.object({
  kind: z.enum(['incident', 'review', 'campaign', 'note']),
  /** A role; who was behind it when the thread was opened stands beside it. */
  assignee: z.string(),
  assigneeAddresses: z.array(z.string()),
  title: z.string(),
  /** Markdown. */
  body: z.string(),
  /** What an approval is about, as data. */
  payload: JsonValue.optional(),
  /** Of title, body and payload: a decision holds for exactly these. */
  payloadSha256: z.string(),
  needsApproval: z.boolean(),
  state: z.enum(['open', 'awaiting_approval', 'approved', 'rejected', 'closed']),
  evidence: Evidence,
  executionId: z.string(),
  playbookId: z.string(),
  /** Until when it can be decided; null where nothing is to be decided. */
  deadlineAt: z.date().nullable(),
  decision: Decision.nullable(),
  /** From the first on. */
  revisions: z.array(ThreadRevision),
  closed: z.object({ by: z.string(), at: z.date(), reason: z.string() }).nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
  expireAt: z.date(),
});
export type Thread = z.infer<typeof Thread>;

/** What a list shows of a thread: all but its content. */
export const ThreadSummary = Thread.omit({ body: true, payload: true, revisions: true });
export type ThreadSummary = z.infer<typeof ThreadSummary>;

/** What a thread is at a moment. `expired`: denied by default, because nobody decided in time. */
export interface EffectiveState {
  readonly state: Thread['state'] | 'expired';
  /** Nobody can take it back any more. */
  readonly final: boolean;
}

/** What a thread that is opened brings along; the rest follows from it. */
export type NewThread = Pick<
  Thread,
  | 'kind'
  | 'assignee'
  | 'assigneeAddresses'
  | 'title'
  | 'body'
  | 'payload'
  | 'evidence'
  | 'deadlineAt'
  | 'createdAt'
  | 'expireAt'
>;

/** The hash that a decision is bound to. */
export function contentSha256({ title, body, payload }: Pick<Thread, 'title' | 'body' | 'payload'>): string {
  return jsonDigest({ title, body, payload: payload ?? null });
}

/** What a thread is at `now`. */
export function effectiveState(
  { state, deadlineAt, decision }: Pick<Thread, 'state' | 'deadlineAt' | 'decision'>,
  now: Date,
): EffectiveState {
  if (state === 'awaiting_approval' && deadlineAt !== null && deadlineAt <= now)
    return { state: 'expired', final: true };
  return { state, final: decision !== null && decision.finalAt <= now };
}

/** The thread of this id, or undefined. Throws `unavailable`, and `internal` when the record is not one. */
export async function loadThread(documents: Pick<Documents, 'get'>, id: string): Promise<Thread | undefined> {
  const stored = await findDocument(documents, THREADS, id);
  return stored === undefined ? undefined : readThread(stored);
}

/** A thread of the document that holds it, also of one that was opened before threads could be decided. Throws `internal`. */
export function readThread(stored: StoredDocument): Thread {
  return parsedRecord(Thread, stored, defaultsOf(stored));
}

/** What a list shows of the document of a thread, read whole or in part. Throws `internal`. */
export function readThreadSummary(stored: StoredDocument): ThreadSummary {
  return parsedRecord(ThreadSummary, stored, defaultsOf(stored));
}

/**
 * Opens a thread: with a deadline it waits for a decision. One that is there already, made by the same step of the same execution, is left as it is.
 * Throws `unavailable` (it MAY be there; opening again is safe), `unauthenticated`, `input_invalid` (too large).
 */
export async function openThread(documents: Documents, id: string, opened: NewThread): Promise<void> {
  const path = `${THREADS}/${id}`;
  const { evidence, deadlineAt, createdAt } = opened;
  const thread: Thread = {
    ...opened,
    payloadSha256: contentSha256(opened),
    needsApproval: deadlineAt !== null,
    state: deadlineAt === null ? 'open' : 'awaiting_approval',
    executionId: evidence.executionId,
    playbookId: evidence.playbookId,
    decision: null,
    revisions: [],
    closed: null,
    updatedAt: createdAt,
  };
  try {
    await documents.commit([{ kind: 'create', path, data: documentFields(thread) }]);
  } catch (thrown) {
    if (!(thrown instanceof DocumentsError)) throw thrown;
    if (thrown.code === 'already_exists' && (await isOpen(documents, path, thread))) return;
    if (thrown.code === 'already_exists') {
      throw new PlaybookError('internal', `${path} belongs to something else: ${thrown.message}`, { cause: thrown });
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

/** What the first threads did not say. */
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
