import type { Fence, StoredExecution } from './execution-store.ts';
import type { Attempt, Execution, RunningExecution, SkippedExecution, StepRecord } from './execution.ts';
import { PlaybookError } from './failure.ts';
import type { Engine } from './run-state.ts';

/**
 * The answer to whoever wants to run an execution. `granted`: this runner holds the lease. `held`: another one does.
 * `recorded`: it has ended; the record is the answer.
 */
export type Claim =
  | { readonly kind: 'granted'; readonly execution: RunningExecution; readonly fence: Fence }
  | { readonly kind: 'held'; readonly execution: RunningExecution }
  | { readonly kind: 'recorded'; readonly execution: Exclude<Execution, RunningExecution> };

const MAX_TRIES = 5;
const RETRY_DELAY_MS = 250;

/**
 * Takes an execution: creates it, or takes it over once its lease has run out. Exactly one of any number of concurrent
 * callers is granted. Throws `unavailable` when the database is out of reach.
 */
export async function claim(fresh: RunningExecution, engine: Engine): Promise<Claim> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const outcome = await engine.store.create(fresh);
    if (outcome.kind === 'written') return { kind: 'granted', execution: fresh, fence: outcome.fence };

    const stored = await engine.store.read(fresh.id);
    if (stored !== undefined) {
      const answer = await claimStored(stored, fresh, engine);
      if (answer !== undefined) return answer;
    }
    await engine.clock.sleep(RETRY_DELAY_MS * tries);
  }
  throw new PlaybookError('unavailable', `The record of ${fresh.id} could not be written.`);
}

/** Records that nothing ran, and why; the slot is taken by that. Resolves to what the record says in the end. */
export async function claimSkipped(skipped: SkippedExecution, engine: Engine): Promise<Claim> {
  const outcome = await engine.store.create(skipped);
  if (outcome.kind === 'written') return { kind: 'recorded', execution: skipped };
  const stored = await engine.store.read(skipped.id);
  if (stored === undefined) throw new PlaybookError('unavailable', `The record of ${skipped.id} could not be written.`);
  const { execution } = stored;
  return execution.status === 'running' ? { kind: 'held', execution } : { kind: 'recorded', execution };
}

/** Undefined means: somebody was faster, look again. */
async function claimStored(
  stored: StoredExecution,
  fresh: RunningExecution,
  engine: Engine,
): Promise<Claim | undefined> {
  const { execution, fence } = stored;
  if (execution.status !== 'running') return { kind: 'recorded', execution };
  // Our own creation, whose answer was lost.
  if (execution.lease.owner === fresh.lease.owner) return { kind: 'granted', execution, fence };
  const ageMs = stored.readAt.getTime() - stored.updatedAt.getTime();
  if (ageMs <= execution.lease.durationMs) return { kind: 'held', execution };
  return takeOver(execution, fence, fresh, engine);
}

async function takeOver(
  execution: RunningExecution,
  fence: Fence,
  fresh: RunningExecution,
  engine: Engine,
): Promise<Claim | undefined> {
  const lease = { ...fresh.lease, takeovers: execution.lease.takeovers + 1 };
  const interrupted = interruptedSteps(execution, engine.clock.now());
  const changes = { steps: interrupted, stepsExecuted: execution.stepsExecuted, next: { lease } };
  const outcome = await engine.store.write(execution.id, changes, fence);
  if (outcome.kind !== 'written') return undefined;
  const steps = { ...execution.steps, ...Object.fromEntries(interrupted) };
  return { kind: 'granted', execution: { ...execution, steps, lease }, fence: outcome.fence };
}

/** The steps whose attempt was under way when the runner vanished, with that attempt ended as interrupted. */
function interruptedSteps(execution: RunningExecution, now: Date): Map<string, StepRecord> {
  const interrupted = new Map<string, StepRecord>();
  for (const step of Object.values(execution.steps)) {
    if (step.status !== 'running' || !step.attempts.some((attempt) => attempt.status === 'running')) continue;
    interrupted.set(step.path, { ...step, attempts: step.attempts.map((attempt) => interruptedAttempt(attempt, now)) });
  }
  return interrupted;
}

function interruptedAttempt(attempt: Attempt, now: Date): Attempt {
  if (attempt.status !== 'running') return attempt;
  const durationMs = Math.max(0, now.getTime() - attempt.startedAt.getTime());
  return { ...attempt, status: 'interrupted', completedAt: now, durationMs };
}
