import { cut } from '#core/cut.ts';
import { PlaybookError } from '#core/failure.ts';
import type { FieldChange, Write } from '#ports/documents/documents.ts';
import type { Actor, ChangeWorld } from '../audit/actor.ts';
import type { AuditedAction } from '../audit/audit-entry.ts';
import { commitAudited } from '../audit/audit-log.ts';
import { toDocument } from '../store/document-json.ts';
import { findDocument } from '../store/find-document.ts';
import { readThread, THREADS } from './threads.ts';
import { contentSha256, effectiveState, type Thread, type ThreadIn } from './thread.ts';

/** A thread after a change. `already`: it was in that state before, and nothing was changed or recorded. */
export interface ThreadChange {
  readonly thread: Thread;
  readonly already: boolean;
}

/** What a change of a thread requires: nothing, or the changed thread, further writes and the description for the audit log. */
export type ThreadPlan =
  | 'already'
  | {
      /** The changed thread. */
      readonly next: Thread;
      readonly also?: readonly Write[];
      readonly action: Omit<AuditedAction, 'target'>;
    };

/**
 * Changes the current thread, with its audit entry in the same commit. `plan` is called again when the thread has changed in
 * the meantime. Throws `input_invalid` for an unknown thread, what `plan` throws, and what `commitAudited` throws.
 */
export async function commitThreadChange(
  world: ChangeWorld,
  actor: Actor,
  threadId: string,
  plan: (thread: Thread, now: Date) => ThreadPlan | Promise<ThreadPlan>,
): Promise<ThreadChange> {
  return commitAudited<ThreadChange>(world, actor, async () => {
    const stored = await findDocument(world.documents, THREADS, threadId);
    if (stored === undefined) {
      throw new PlaybookError('input_invalid', `There is no thread ${cut(threadId, 200)}. It may have been deleted.`);
    }
    const thread = readThread(stored);
    const updatedAt = world.clock.now();
    const planned = await plan(thread, updatedAt);
    if (planned === 'already') return { kind: 'unchanged', result: { thread, already: true } };
    const next = { ...planned.next, updatedAt };
    const changes = changedFields(thread, next);
    const update: Write = { kind: 'update', path: stored.path, changes, ifUpdateTime: stored.updateTime };
    return {
      kind: 'change',
      writes: [update, ...(planned.also ?? [])],
      action: { ...planned.action, target: { kind: 'thread', id: threadId, name: thread.title } },
      result: { thread: next, already: false },
    };
  });
}

function changedFields(before: Thread, after: Thread): FieldChange[] {
  const known = new Map(Object.entries(before));
  return Object.entries(after).flatMap(([field, value]) =>
    known.get(field) === value ? [] : [{ field: [field], value: toDocument(value, 1) }],
  );
}

/**
 * The thread, if it waits for a decision at `now`, matches its recorded hash and is what the person saw. Otherwise throws
 * `rejected`.
 */
export function decidable(thread: Thread, seenSha256: string, now: Date): ThreadIn<'awaiting_approval'> {
  const { state } = effectiveState(thread, now);
  if (state === 'expired') {
    throw new PlaybookError(
      'rejected',
      `It expired because nobody decided by ${thread.deadlineAt?.toISOString()}, and counts as rejected. Nothing was changed.`,
    );
  }
  if (thread.decision !== null) {
    const { by, at, verdict } = thread.decision;
    throw new PlaybookError('rejected', `Already decided: ${by} ${verdict} it at ${at.toISOString()}.`);
  }
  if (thread.state !== 'awaiting_approval')
    throw new PlaybookError('rejected', 'It is not waiting for a decision. Reload the page.');
  if (contentSha256(thread) !== thread.payloadSha256) {
    throw new PlaybookError(
      'rejected',
      'Its content differs from what was recorded: it was changed outside the console. It cannot be decided; run the playbook again.',
    );
  }
  if (thread.payloadSha256 === seenSha256) return thread;
  const revision = thread.revisions.at(-1);
  const who = revision === undefined ? '' : `${revision.by} changed it at ${revision.at.toISOString()}. `;
  throw new PlaybookError('rejected', `It is not what you saw. ${who}Review it again before you decide.`);
}
