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

/** A comment in a thread. `commentId` comes from the form, 8 to 64 letters, digits, `-` or `_`: sent twice, it is stored once. */
export interface CommentRequest {
  readonly threadId: string;
  readonly commentId: string;
  /** 1 to 5,000 characters. */
  readonly text: string;
}

/**
 * Adds a comment to a thread in any state. Throws `input_invalid` for an empty or too long text, a malformed id, and an id
 * that another comment has; otherwise like `commitThreadChange`.
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
      throw new PlaybookError('input_invalid', 'Another comment has this id. Reload the page.');
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
 * Assigns a thread to a role of `people.yaml`. Throws `input_invalid` for an unknown role, suggesting a similar one; otherwise
 * like `commitThreadChange`, and what the settings throw.
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
 * Closes a thread that needs no approval, or whose deadline has passed. Throws `rejected` for one that waits for a decision
 * or has one, `input_invalid` without a reason; otherwise like `commitThreadChange`.
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
      throw new PlaybookError('rejected', `It was ${thread.state}, so it has ended and cannot be closed.`);
    }
    return {
      next: closedThread(thread, { by: actor.email, at, reason }),
      action: { action: 'thread_closed', reason, details: { before: state } },
    };
  });
}

/**
 * Reopens a closed thread. Throws `rejected` for one that needed approval and was denied by its deadline; otherwise like
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
        'Only a closed thread that needed no decision can be reopened; to request a decision again, run its playbook again.',
      );
    }
    return {
      next: reopenedThread(thread),
      action: { action: 'thread_reopened', details: { closedBy: thread.closed.by, reason: thread.closed.reason } },
    };
  });
}
