import type { Json } from '#core/json.ts';
import { contentSha256, type Decision, type Thread, type ThreadIn, type ThreadRevision } from './thread.ts';

/** The content of a new thread; the other fields follow from it. */
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

/** A new thread: with a deadline, it waits for a decision. */
export function openedThread({ deadlineAt, ...opened }: NewThread): ThreadIn<'open' | 'awaiting_approval'> {
  const fields = {
    ...opened,
    payloadSha256: contentSha256(opened),
    decision: null,
    closed: null,
    revisions: [],
    updatedAt: opened.createdAt,
  };
  return deadlineAt === null
    ? { ...fields, state: 'open', needsApproval: false, deadlineAt }
    : { ...fields, state: 'awaiting_approval', needsApproval: true, deadlineAt };
}

/** A waiting thread, with a person's decision. */
export function decidedThread(
  thread: ThreadIn<'awaiting_approval'>,
  decision: Decision,
): ThreadIn<'approved' | 'rejected'> {
  return decision.verdict === 'approved'
    ? { ...thread, state: 'approved', decision }
    : { ...thread, state: 'rejected', decision };
}

/** A thread that waits again after its decision was undone. */
export function undecidedThread(thread: ThreadIn<'approved' | 'rejected'>): ThreadIn<'awaiting_approval'> {
  return { ...thread, state: 'awaiting_approval', decision: null };
}

/** A closed thread: one that needed no approval, or was not decided in time. */
export function closedThread(
  thread: ThreadIn<'open' | 'awaiting_approval'>,
  closed: ThreadIn<'closed'>['closed'],
): ThreadIn<'closed'> {
  return thread.needsApproval ? { ...thread, state: 'closed', closed } : { ...thread, state: 'closed', closed };
}

/** A thread that is open again. */
export function reopenedThread(thread: Extract<ThreadIn<'closed'>, { needsApproval: false }>): ThreadIn<'open'> {
  return { ...thread, state: 'open', closed: null };
}

/** A thread assigned to a role and its people. */
export function assignedThread(thread: Thread, assignee: string, assigneeAddresses: string[]): Thread {
  return { ...thread, assignee, assigneeAddresses };
}

/** A thread with new content and its old content as a revision. */
export function modifiedThread(
  thread: ThreadIn<'awaiting_approval'>,
  wanted: { readonly title?: string; readonly body?: string; readonly payload?: Json },
  original: Pick<ThreadRevision, 'title' | 'body' | 'payload'>,
  { by, at }: { readonly by: string; readonly at: Date },
): ThreadIn<'awaiting_approval'> {
  const revision = { ...original, payloadSha256: thread.payloadSha256, by, at };
  const modified = { ...thread, ...wanted };
  return {
    ...modified,
    payloadSha256: contentSha256(modified),
    revisions: [...thread.revisions, revision],
  };
}
