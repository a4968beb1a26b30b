import type { Json } from '#core/json.ts';
import { contentSha256 } from './thread.ts';
import type { Decision, Thread, ThreadIn, ThreadRevision } from './thread.ts';

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

/** A thread as it begins: with a deadline it waits for a decision. */
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

/** A thread that was waiting, with what a person decided. */
export function decidedThread(
  thread: ThreadIn<'awaiting_approval'>,
  decision: Decision,
): ThreadIn<'approved' | 'rejected'> {
  return decision.verdict === 'approved'
    ? { ...thread, state: 'approved', decision }
    : { ...thread, state: 'rejected', decision };
}

/** A thread that waits again, its decision taken back. */
export function undecidedThread(thread: ThreadIn<'approved' | 'rejected'>): ThreadIn<'awaiting_approval'> {
  return { ...thread, state: 'awaiting_approval', decision: null };
}

/** A thread that is closed: one that asked for nothing, or that nobody decided in time. */
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

/** A thread that is assigned to a role, behind which these people are. */
export function assignedThread(thread: Thread, assignee: string, assigneeAddresses: string[]): Thread {
  return { ...thread, assignee, assigneeAddresses };
}

/** A thread that asks about something else now, with what it was before. */
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
