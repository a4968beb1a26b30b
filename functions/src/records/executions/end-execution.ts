import { cut } from '#core/cut.ts';
import type { EndedExecution, RunningExecution, FailedExecution } from '#engine/record/execution.ts';
import { PlaybookError } from '#core/failure.ts';
import { shortenedExecution } from '#engine/finish.ts';
import { DocumentsError, type StoredDocument } from '#ports/documents/documents.ts';
import type { Actor, ChangeWorld } from '../audit/actor.ts';
import { commitAudited, type PreparedChange } from '../audit/audit-log.ts';
import { ENDED_BY_PERSON, endedByPerson, failedByPerson } from './ended-by-person.ts';
import { EXECUTIONS, executionWrites, readExecution } from './executions.ts';
import { findDocument } from '../store/find-document.ts';
import { personText } from '../audit/person-text.ts';
import { type RunnerSilence, runnerSilence } from './runner-silence.ts';

const REASON = { name: 'A reason', minChars: 1, maxChars: 500 } as const;

/** Which execution a person ends, and why (at most 500 characters). */
export interface EndRequest {
  readonly executionId: string;
  readonly reason: string;
}

/** An execution that a person ended. `already`: it had been ended before, and nothing was changed. */
export interface ExecutionEnd {
  readonly execution: FailedExecution;
  readonly already: boolean;
}

/** What a request finds: an execution with a silent runner, to be ended; or one that the same request has ended before. */
export type Endable =
  | { readonly kind: 'silent'; readonly execution: RunningExecution; readonly silence: RunnerSilence }
  | { readonly kind: 'already'; readonly execution: FailedExecution };

/**
 * Ends an execution whose runner is silent as failed, in one commit with the figures that count it and its audit entry. The
 * commit requires the version that was read: if a runner takes the execution over at the same moment, exactly one of the two
 * succeeds. Repeating a request returns `already`. Throws what `checkEnd` and `commitAudited` throw.
 */
export async function endExecution(world: ChangeWorld, actor: Actor, asked: EndRequest): Promise<ExecutionEnd> {
  const end = (kind: 'ended' | 'ended_short'): Promise<ExecutionEnd> =>
    commitAudited(world, actor, () => prepareEnd(world, actor, asked, kind));
  try {
    return await end('ended');
  } catch (thrown) {
    // The record may be too full for its end.
    if (!isTooLarge(thrown)) throw thrown;
    return end('ended_short');
  }
}

/**
 * Whether a person can end this execution. Throws `rejected` while a runner holds its lease, naming the runner and the end of
 * the lease, and for one that has ended, saying how; `input_invalid` without a reason and for an unknown execution;
 * `unavailable`; `internal` when its record is damaged.
 */
export async function checkEnd(
  { documents }: Pick<ChangeWorld, 'documents'>,
  actor: Actor,
  asked: EndRequest,
): Promise<Endable> {
  return endableOf(await storedExecution(documents, asked.executionId), actor, reasonOf(asked));
}

async function prepareEnd(
  { documents, clock }: ChangeWorld,
  actor: Actor,
  asked: EndRequest,
  kind: 'ended' | 'ended_short',
): Promise<PreparedChange<ExecutionEnd>> {
  const reason = reasonOf(asked);
  const stored = await storedExecution(documents, asked.executionId);
  const endable = endableOf(stored, actor, reason);
  if (endable.kind === 'already') {
    return { kind: 'unchanged', result: { execution: endable.execution, already: true } };
  }
  const { execution: before, silence } = endable;
  const whole = failedByPerson(before, endedByPerson(actor.email, reason), clock.now());
  const execution = kind === 'ended' ? whole : shortenedExecution(whole);
  const changed = Object.entries(execution.steps).filter(([path, step]) => step !== before.steps[path]);
  const changes = {
    steps: new Map(changed),
    stepsExecuted: execution.stepsExecuted,
    next: { kind, finished: execution },
    expireAt: execution.expireAt,
  };
  return {
    kind: 'change',
    writes: executionWrites(execution.id, changes, stored.updateTime),
    action: {
      action: 'execution_ended',
      target: { kind: 'execution', id: execution.id, name: execution.playbookName },
      reason,
      details: {
        runner: before.lease.owner,
        silentSince: silence.silentSince?.toISOString() ?? null,
        deadlineAt: before.deadlineAt.toISOString(),
        step: execution.failedStep,
      },
    },
    result: { execution, already: false },
  };
}

function reasonOf({ reason }: EndRequest): string {
  return personText(reason, REASON);
}

async function storedExecution(documents: ChangeWorld['documents'], id: string): Promise<StoredDocument> {
  const stored = await findDocument(documents, EXECUTIONS, id);
  if (stored !== undefined) return stored;
  throw new PlaybookError('input_invalid', `There is no execution ${cut(id, 200)} in the database.`);
}

function endableOf(stored: StoredDocument, actor: Actor, reason: string): Endable {
  const execution = readExecution(stored);
  if (execution.status === 'running') {
    const silence = runnerSilence(execution, stored);
    if (silence.silentSince !== null) return { kind: 'silent', execution, silence };
    throw new PlaybookError(
      'rejected',
      `Its runner may still be working: the lease of ${execution.lease.owner} runs until ${silence.leaseUntil.toISOString()}. ` +
        'Nothing was changed. If the runner is dead, you can end the execution after that time; a live one renews its lease.',
    );
  }
  if (execution.status === 'waiting') {
    throw new PlaybookError(
      'rejected',
      `It waits, and no runner works on it. It goes on at ${execution.wakeAt.toISOString()}. Nothing was changed.`,
    );
  }
  const { message } = endedByPerson(actor.email, reason);
  if (execution.status === 'failed' && execution.runner === ENDED_BY_PERSON && execution.failure.message === message) {
    return { kind: 'already', execution };
  }
  throw new PlaybookError('rejected', `It has ended already: ${endInWords(execution)} Nothing was changed.`);
}

function endInWords(execution: EndedExecution): string {
  const at = execution.completedAt.toISOString();
  switch (execution.status) {
    case 'succeeded':
      return `it succeeded at ${at}.`;
    case 'skipped':
      return `its slot was skipped at ${at} (${execution.reason}).`;
    case 'cancelled':
    case 'failed':
      return `it ${execution.status === 'failed' ? 'failed' : 'was cancelled'} at ${at} (${cut(execution.error, 300)}).`;
  }
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof PlaybookError && thrown.cause instanceof DocumentsError && thrown.cause.code === 'invalid';
}
