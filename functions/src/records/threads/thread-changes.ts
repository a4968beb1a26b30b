import { cut } from '#core/cut.ts';
import { PlaybookError } from '#core/failure.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Settings } from '#ports/settings.ts';
import type { Actor, ChangeWorld } from '../audit/actor.ts';
import { findDocument } from '../store/find-document.ts';
import { personText, type TextRule } from '../audit/person-text.ts';
import { commitThreadChange, type ThreadChange } from './thread-commit.ts';
import { commentsOf, readComment, type ThreadComment } from './thread-comments.ts';
import { assignedThread, closedThread, reopenedThread } from './thread-states.ts';
import { effectiveState } from './thread.ts';

const COMMENT: TextRule = { name: 'A comment', minChars: 1, maxChars: 5_000 };
const REASON: TextRule = { name: 'A reason', minChars: 1, maxChars: 2_000 };

/** What a person says in a thread. `commentId` is the form's own, 8 to 64 letters, digits, `-` or `_`: sent twice, said once. */
export interface CommentRequest {
  readonly threadId: string;
  readonly commentId: string;
  /** 1 to 5,000 characters. */
  readonly text: string;
}

/**
 * Adds to the conversation of a thread, in whatever state it is. Throws `input_invalid` for an empty or too long text, a
 * malformed id, and an id under which something else was said; else like `commitThreadChange`.
 */
export async function comment(
  world: ChangeWorld,
  actor: Actor,
  { threadId, commentId, text }: CommentRequest,
): Promise<ThreadChange> {
  const said = personText(text, COMMENT);
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(commentId) || /^__.*__$/.test(commentId)) {
    throw new PlaybookError('input_invalid', 'The id of a comment has 8 to 64 letters, digits, "-" or "_".');
  }
  const collection = commentsOf(threadId);
  return commitThreadChange(world, actor, threadId, async (thread, at) => {
    const stored = await findDocument(world.documents, collection, commentId);
    if (stored !== undefined) {
      const there = readComment(stored);
      if (there.by === actor.email && there.text === said) return 'already';
      throw new PlaybookError('input_invalid', 'Under this id something else was said. Load the page again.');
    }
    const data = { by: actor.email, at, text: said, expireAt: thread.expireAt } satisfies Omit<ThreadComment, 'id'> & {
      expireAt: Date;
    };
    return {
      next: thread,
      also: [{ kind: 'create', path: `${collection}/${commentId}`, data }],
      action: { action: 'thread_commented', details: { commentId } },
    };
  });
}

/**
 * Hands a thread to a role of `people.yaml`. Throws `input_invalid` for a role that does not exist, naming the one that may
 * be meant; else like `commitThreadChange`, and what the settings throw.
 */
export async function assign(
  world: ChangeWorld & { readonly settings: Pick<Settings, 'people'> },
  actor: Actor,
  { threadId, role }: { readonly threadId: string; readonly role: string },
): Promise<ThreadChange> {
  const { roles } = await world.settings.people();
  const addresses = Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (addresses === undefined) {
    const suggestion = suggestionFor(role, Object.keys(roles)) ?? 'There are no roles yet.';
    throw new PlaybookError('input_invalid', `people.yaml has no role '${cut(role, 100)}'. ${suggestion}`);
  }
  return commitThreadChange(world, actor, threadId, (thread) => {
    const { assignee } = thread;
    if (assignee === role) return 'already';
    return {
      next: assignedThread(thread, role, [...new Set(addresses)]),
      action: { action: 'thread_assigned', details: { before: assignee, after: role } },
    };
  });
}

/**
 * Ends a thread that asks for nothing, or whose deadline has passed. Throws `rejected` for one that waits for a decision or
 * has it, `input_invalid` without a reason; else like `commitThreadChange`.
 */
export async function close(
  world: ChangeWorld,
  actor: Actor,
  asked: { readonly threadId: string; readonly reason: string },
): Promise<ThreadChange> {
  const reason = personText(asked.reason, REASON);
  return commitThreadChange(world, actor, asked.threadId, (thread, at) => {
    const { state } = effectiveState(thread, at);
    if (thread.state === 'closed') return 'already';
    if (state === 'awaiting_approval') {
      throw new PlaybookError('rejected', 'It waits for a decision: approve or reject it instead of closing it.');
    }
    if (thread.state === 'approved' || thread.state === 'rejected') {
      throw new PlaybookError('rejected', `It was ${thread.state}, which ends it; there is nothing to close.`);
    }
    return {
      next: closedThread(thread, { by: actor.email, at, reason }),
      action: { action: 'thread_closed', reason, details: { before: state } },
    };
  });
}

/**
 * Opens a closed thread again. Throws `rejected` for one that asked for a decision, which its deadline denied; else like
 * `commitThreadChange`.
 */
export async function reopen(
  world: ChangeWorld,
  actor: Actor,
  { threadId }: { readonly threadId: string },
): Promise<ThreadChange> {
  return commitThreadChange(world, actor, threadId, (thread) => {
    if (thread.state === 'open') return 'already';
    if (thread.state !== 'closed' || thread.needsApproval) {
      throw new PlaybookError(
        'rejected',
        'Only a closed thread that asked for no decision can be opened again; to ask anew, run its playbook again.',
      );
    }
    return {
      next: reopenedThread(thread),
      action: { action: 'thread_reopened', details: { closedBy: thread.closed.by, reason: thread.closed.reason } },
    };
  });
}
