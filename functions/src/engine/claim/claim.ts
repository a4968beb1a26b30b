import type { Fence, StoredExecution } from '../record/execution-store.ts';
import type { Execution, RunningExecution, SkippedExecution } from '../record/execution.ts';
import type { StepRecord } from '../record/step-schema.ts';
import { PlaybookError } from '#core/failure.ts';
import { interrupted, isDecided } from '../record/step-record.ts';
import type { Engine } from '../state/run-state.ts';
import { isGivenBack, isHeld } from './lease.ts';

/**
 * The answer to a runner that wants to run an execution. `granted`: this runner holds the lease. `held`: another one does, which
 * is alive. `recorded`: it has ended; the record is the answer. `another_request`: its id belongs to a start that said
 * something else.
 */
export type Claim =
  | { readonly kind: 'granted'; readonly execution: RunningExecution; readonly fence: Fence }
  | { readonly kind: 'held'; readonly execution: RunningExecution }
  | { readonly kind: 'recorded'; readonly execution: Exclude<Execution, RunningExecution> }
  | { readonly kind: 'another_request'; readonly execution: Execution };

/** The answer to a caller that wants to record that nothing runs. `orphaned`: it has begun, and its runner is gone. */
export type SkipClaim =
  | { readonly kind: 'skipped'; readonly execution: SkippedExecution }
  | { readonly kind: 'orphaned' }
  | Extract<Claim, { readonly kind: 'held' | 'recorded' | 'another_request' }>;

const RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 1_000;
/** How long a claim is repeated before the database counts as out of reach; nothing is lost then, and the caller comes again. */
const PATIENCE_MS = 8_000;
const CALL_LIMIT = { timeoutMs: 10_000 };

type ClaimEngine = Pick<Engine, 'store' | 'clock'>;

/**
 * Takes an execution: creates it, or takes it over once its lease has run out. Exactly one of any number of concurrent
 * callers is granted. Throws `unavailable` when the database is out of reach.
 */
export async function claim(fresh: RunningExecution, engine: ClaimEngine): Promise<Claim> {
  const { store, clock } = engine;
  const untilMs = clock.now().getTime() + PATIENCE_MS;
  for (let tries = 1; ; tries += 1) {
    const outcome = await store.create(fresh, CALL_LIMIT);
    if (outcome.kind === 'written') return { kind: 'granted', execution: fresh, fence: outcome.fence };
    if (outcome.kind === 'refused') throw outcome.cause;
    if (outcome.kind === 'not_written') throw notWritten(fresh.id, outcome.cause);

    const stored = await store.read(fresh.id, CALL_LIMIT);
    const answer = stored === undefined ? undefined : await claimStored(stored, fresh, engine);
    if (answer !== undefined) return answer;
    if (clock.now().getTime() >= untilMs)
      throw notWritten(fresh.id, outcome.kind === 'unknown' ? outcome.cause : undefined);
    await clock.sleep(Math.min(MAX_RETRY_DELAY_MS, RETRY_DELAY_MS * tries));
  }
}

/**
 * Records that nothing ran, and why; the slot is taken by that. Resolves to what the record says in the end. What has begun
 * is not skipped any more. Throws `unavailable` when the database is out of reach.
 */
export async function claimSkipped(skipped: SkippedExecution, { store }: Pick<Engine, 'store'>): Promise<SkipClaim> {
  const outcome = await store.create(skipped, CALL_LIMIT);
  if (outcome.kind === 'written') return { kind: 'skipped', execution: skipped };
  if (outcome.kind === 'refused') throw outcome.cause;
  if (outcome.kind === 'not_written') throw notWritten(skipped.id, outcome.cause);
  const stored = await store.read(skipped.id, CALL_LIMIT);
  if (stored === undefined) throw notWritten(skipped.id, outcome.kind === 'unknown' ? outcome.cause : undefined);
  const { execution } = stored;
  if (!isSameRequest(execution, skipped)) return { kind: 'another_request', execution };
  if (execution.status !== 'running') return { kind: 'recorded', execution };
  return isHeld(stored, execution.lease) ? { kind: 'held', execution } : { kind: 'orphaned' };
}

/** Undefined if another runner was faster: read the record again. */
async function claimStored(
  stored: StoredExecution,
  fresh: RunningExecution,
  engine: ClaimEngine,
): Promise<Claim | undefined> {
  const { execution, fence } = stored;
  if (!isSameRequest(execution, fresh)) return { kind: 'another_request', execution };
  if (execution.status !== 'running') return { kind: 'recorded', execution };
  // Our own creation, whose answer was lost.
  if (execution.lease.owner === fresh.lease.owner) return { kind: 'granted', execution, fence };
  if (isHeld(stored, execution.lease)) return { kind: 'held', execution };
  return takeOver(execution, fence, fresh, engine);
}

/** A slot is one request, no matter who delivers it; a manual start is identified by its content. Older records do not have its digest. */
function isSameRequest({ requestSha256: stored }: Execution, { requestSha256: fresh }: Execution): boolean {
  return stored === undefined || fresh === undefined || stored === fresh;
}

async function takeOver(
  execution: RunningExecution,
  fence: Fence,
  fresh: RunningExecution,
  { store, clock }: ClaimEngine,
): Promise<Claim | undefined> {
  const { takeovers, interruptions } = execution.lease;
  const vanished = isGivenBack(execution.lease) ? 0 : 1;
  const lease = { ...fresh.lease, takeovers: takeovers + 1, interruptions: interruptions + vanished };
  const left = interruptedSteps(execution, clock.now());
  const { stepsExecuted } = execution;
  const next = { kind: 'running' as const, lease };
  const outcome = await store.write(execution.id, { steps: left, stepsExecuted, next }, fence, CALL_LIMIT);
  // A record without room for these few words has room for its end, which is what comes of it then.
  const taken =
    outcome.kind === 'refused'
      ? await store.write(execution.id, { steps: new Map(), stepsExecuted, next }, fence, CALL_LIMIT)
      : outcome;
  if (taken.kind === 'refused') throw taken.cause;
  if (taken.kind !== 'written') return undefined;
  const steps = { ...execution.steps, ...Object.fromEntries(left) };
  return { kind: 'granted', execution: { ...execution, steps, lease }, fence: taken.fence };
}

/** The steps whose attempt was under way when the runner vanished, with that attempt ended as interrupted. */
function interruptedSteps(execution: RunningExecution, now: Date): Map<string, StepRecord> {
  const steps = new Map<string, StepRecord>();
  for (const step of Object.values(execution.steps)) {
    if (step.status !== 'running' || isDecided(step)) continue;
    if (step.attempts.at(-1)?.status === 'running') steps.set(step.path, interrupted(step, now));
  }
  return steps;
}

function notWritten(id: string, cause: unknown): PlaybookError {
  const why = cause instanceof Error ? ` ${cause.message}` : '';
  return new PlaybookError('unavailable', `The record of ${id} could not be written.${why}`, { cause });
}
