import { PlaybookError } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import { jsonDigest } from '#core/json-digest.ts';
import type { Actor, ChangeWorld } from '../audit/actor.ts';
import { personText, type TextRule } from '../audit/person-text.ts';
import { commitThreadChange, decidable, type ThreadChange } from './thread-commit.ts';
import { decidedThread, modifiedThread, undecidedThread } from './thread-states.ts';
import { contentSha256, type Decision, type Thread, type ThreadRevision } from './thread.ts';

/** How long a decision can be undone. */
export const UNDO_MS = 60_000;

const MAX_REVISIONS = 20;
const TITLE: TextRule = { name: 'A title', minChars: 1, maxChars: 1_000 };
const BODY: TextRule = { name: 'A text', minChars: 0, maxChars: 200_000 };

/** A person's decision on a thread. `payloadSha256` is the hash of what the person saw. */
export interface DecisionRequest {
  readonly threadId: string;
  readonly verdict: Decision['verdict'];
  readonly payloadSha256: string;
  /** At most 2,000 characters; a rejection needs one. */
  readonly comment: string;
}

/** A person's change to a waiting thread: only the given fields. `seenSha256` is the hash of what the person saw. */
export interface ModificationRequest {
  readonly threadId: string;
  readonly seenSha256: string;
  readonly title?: string;
  readonly body?: string;
  readonly payload?: Json;
}

/**
 * Approves or rejects a thread, only once, however many requests arrive. Repeating the same person's decision returns
 * `already`. Throws `rejected` when the thread is not waiting for a decision (another person was faster, its deadline has
 * passed) or is not what the person saw, `input_invalid` for a rejection without a comment, and what `commitThreadChange`
 * throws.
 */
export async function decide(world: ChangeWorld, actor: Actor, asked: DecisionRequest): Promise<ThreadChange> {
  const { threadId, verdict, payloadSha256 } = asked;
  const name = verdict === 'rejected' ? 'A reason' : 'A comment';
  const comment = personText(asked.comment, { name, minChars: verdict === 'rejected' ? 1 : 0, maxChars: 2_000 });
  return commitThreadChange(world, actor, threadId, (thread, at) => {
    const made = thread.decision;
    if (made?.by === actor.email && made.verdict === verdict && made.payloadSha256 === payloadSha256) return 'already';
    const finalAt = new Date(at.getTime() + UNDO_MS);
    const decision = { verdict, by: actor.email, at, finalAt, payloadSha256, comment };
    return {
      next: decidedThread(decidable(thread, payloadSha256, at), decision),
      action: {
        action: verdict === 'approved' ? 'thread_approved' : 'thread_rejected',
        reason: comment,
        details: { payloadSha256 },
      },
    };
  });
}

/**
 * Undoes a decision within a minute, for its author or an admin. The thread then waits again. Throws `rejected` after that
 * minute, for other people, and where nothing was decided; otherwise like `commitThreadChange`.
 */
export async function undoDecision(
  world: ChangeWorld,
  actor: Actor,
  { threadId }: { readonly threadId: string },
): Promise<ThreadChange> {
  return commitThreadChange(world, actor, threadId, (thread, now) => {
    if (thread.state === 'awaiting_approval') return 'already';
    if (thread.state !== 'approved' && thread.state !== 'rejected')
      throw new PlaybookError('rejected', 'Nothing was decided, so there is nothing to undo.');
    const { by, at, finalAt, verdict, payloadSha256 } = thread.decision;
    if (finalAt <= now) {
      throw new PlaybookError('rejected', `It has been final since ${finalAt.toISOString()} and cannot be undone.`);
    }
    if (by !== actor.email && actor.role !== 'admin') {
      throw new PlaybookError('rejected', `Only ${by}, who decided, or an admin can undo it.`);
    }
    return {
      next: undecidedThread(thread),
      action: { action: 'decision_undone', details: { verdict, by, at: at.toISOString(), payloadSha256 } },
    };
  });
}

/**
 * Changes the content of a waiting thread. The original is kept, the hash is new, and the thread still waits: decisions from
 * now on apply to the new content. Repeating a modification returns `already`. Throws `rejected` like `decide`, and after 20
 * changes; `input_invalid` for texts that are empty or too long.
 */
export async function modifyPayload(
  world: ChangeWorld,
  actor: Actor,
  { threadId, seenSha256, ...given }: ModificationRequest,
): Promise<ThreadChange> {
  const wanted = {
    ...(given.title === undefined ? {} : { title: personText(given.title.replaceAll(/\s+/g, ' '), TITLE) }),
    ...(given.body === undefined ? {} : { body: personText(given.body, BODY) }),
    ...(given.payload === undefined ? {} : { payload: given.payload }),
  };
  return commitThreadChange(world, actor, threadId, (thread, at) => {
    const payloadSha256 = contentSha256({ ...thread, ...wanted });
    if (thread.state === 'awaiting_approval' && payloadSha256 === thread.payloadSha256) return 'already';
    const waiting = decidable(thread, seenSha256, at);
    if (thread.revisions.length >= MAX_REVISIONS) {
      throw new PlaybookError(
        'rejected',
        `It was changed ${MAX_REVISIONS} times, which is the limit. Decide on it in its current form, or reject it and run the playbook again.`,
      );
    }
    const original = originalOf(thread, wanted);
    return {
      next: modifiedThread(waiting, wanted, original, { by: actor.email, at }),
      action: {
        action: 'thread_payload_modified',
        details: { changed: Object.keys(original), beforeSha256: thread.payloadSha256, afterSha256: payloadSha256 },
      },
    };
  });
}

/** The old values of the changed fields. */
function originalOf(thread: Thread, { title, body, payload }: Partial<Thread>): Partial<ThreadRevision> {
  const before = thread.payload ?? null;
  return {
    ...(title === undefined || title === thread.title ? {} : { title: thread.title }),
    ...(body === undefined || body === thread.body ? {} : { body: thread.body }),
    ...(payload === undefined || jsonDigest(payload) === jsonDigest(before) ? {} : { payload: before }),
  };
}
