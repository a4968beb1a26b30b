import type { Fence, NextState, StoredExecution } from '../record/execution-store.ts';
import {
  isEnded,
  type EndedExecution,
  type Execution,
  type RunningExecution,
  type WaitingExecution,
} from '../record/execution.ts';
import { interrupted, isDecided } from '../record/step-record.ts';
import type { StepRecord } from '../record/step-schema.ts';
import type { Engine } from '../state/run-state.ts';
import { CALL_LIMIT, isSameRequest } from './claim-answers.ts';
import { isGivenBack, isHeld } from './lease.ts';

/**
 * The answer to a runner that wants to run an execution. `granted`: this runner holds the lease. `held`: another one does, which
 * is alive. `waiting`: it waits, and is not due. `recorded`: it has ended; the record is the answer. `another_request`: its
 * id belongs to a start that said something else.
 */
export type Claim =
  | { readonly kind: 'granted'; readonly execution: RunningExecution; readonly fence: Fence }
  | { readonly kind: 'held'; readonly execution: RunningExecution }
  | { readonly kind: 'waiting'; readonly execution: WaitingExecution }
  | { readonly kind: 'recorded'; readonly execution: EndedExecution }
  | { readonly kind: 'another_request'; readonly execution: Execution };

export type ClaimEngine = Pick<Engine, 'store' | 'clock'>;

/** Who claims: the lease that it wants, and the request that it was given. */
export type Claimant = Pick<RunningExecution, 'lease' | 'requestSha256'>;

/** Takes what is stored if nobody holds it. Undefined if another runner was faster: read the record again. */
export async function takeStored(
  stored: StoredExecution,
  claimant: Claimant,
  engine: ClaimEngine,
): Promise<Claim | undefined> {
  const { execution, fence } = stored;
  if (!isSameRequest(execution, claimant)) return { kind: 'another_request', execution };
  if (isEnded(execution)) return { kind: 'recorded', execution };
  if (execution.status === 'waiting') {
    return execution.wakeAt > stored.readAt
      ? { kind: 'waiting', execution }
      : wakeUp(execution, fence, claimant, engine);
  }
  // Our own creation, or takeover, whose answer was lost.
  if (execution.lease.owner === claimant.lease.owner) return { kind: 'granted', execution, fence };
  if (isHeld(stored, execution.lease)) return { kind: 'held', execution };
  return takeOver(execution, fence, claimant, engine);
}

async function takeOver(
  execution: RunningExecution,
  fence: Fence,
  claimant: Claimant,
  { store, clock }: ClaimEngine,
): Promise<Claim | undefined> {
  const { takeovers, interruptions } = execution.lease;
  const vanished = isGivenBack(execution.lease) ? 0 : 1;
  const lease = { ...claimant.lease, takeovers: takeovers + 1, interruptions: interruptions + vanished };
  const now = clock.now();
  const left = interruptedSteps(execution, now);
  const { stepsExecuted, expireAt } = execution;
  const wakeAt = new Date(now.getTime() + lease.durationMs);
  const next: NextState = { kind: 'running', lease, wakeAt };
  const outcome = await store.write(execution.id, { steps: left, stepsExecuted, next, expireAt }, fence, CALL_LIMIT);
  // A record without room for these few words has room for its end, which is what comes of it then.
  const taken =
    outcome.kind === 'refused'
      ? await store.write(execution.id, { steps: new Map(), stepsExecuted, next, expireAt }, fence, CALL_LIMIT)
      : outcome;
  if (taken.kind === 'refused') throw taken.cause;
  if (taken.kind !== 'written') return undefined;
  const steps = { ...execution.steps, ...Object.fromEntries(left) };
  return { kind: 'granted', execution: { ...execution, steps, lease, wakeAt }, fence: taken.fence };
}

/** The time in which it waited does not count: its deadline is as far away as when it was parked. */
async function wakeUp(
  waiting: WaitingExecution,
  fence: Fence,
  { lease }: Claimant,
  { store, clock }: ClaimEngine,
): Promise<Claim | undefined> {
  const { status: _, waitsFor: __, remainingMs, runner: ___, ...header } = waiting;
  const nowMs = clock.now().getTime();
  const wakeAt = new Date(nowMs + lease.durationMs);
  const deadlineAt = new Date(nowMs + remainingMs);
  const { id, stepsExecuted, expireAt } = waiting;
  const next: NextState = { kind: 'resumed', lease, wakeAt, deadlineAt };
  const outcome = await store.write(id, { steps: new Map(), stepsExecuted, next, expireAt }, fence, CALL_LIMIT);
  if (outcome.kind === 'refused') throw outcome.cause;
  if (outcome.kind !== 'written') return undefined;
  return {
    kind: 'granted',
    execution: { ...header, status: 'running', deadlineAt, lease, wakeAt },
    fence: outcome.fence,
  };
}

/** The steps whose attempt was under way when the runner vanished, with that attempt ended as interrupted. */
export function interruptedSteps({ steps }: Pick<RunningExecution, 'steps'>, now: Date): Map<string, StepRecord> {
  const left = new Map<string, StepRecord>();
  for (const step of Object.values(steps)) {
    if (step.status !== 'running' || isDecided(step)) continue;
    if (step.attempts.at(-1)?.status === 'running') left.set(step.path, interrupted(step, now));
  }
  return left;
}
