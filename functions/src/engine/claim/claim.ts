import { isEnded, type RunningExecution, type SkippedExecution } from '../record/execution.ts';
import type { Engine } from '../state/run-state.ts';
import { CALL_LIMIT, isSameRequest, notWritten } from './claim-answers.ts';
import { isOrphaned } from './lease.ts';
import { takeStored, type Claim, type ClaimEngine } from './take-over.ts';

/** The answer to a caller that wants to record that nothing runs. `orphaned`: it has begun, and its runner is gone. */
export type SkipClaim =
  | { readonly kind: 'skipped'; readonly execution: SkippedExecution }
  | { readonly kind: 'orphaned' }
  | Extract<Claim, { readonly kind: 'held' | 'waiting' | 'recorded' | 'another_request' }>;

const RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 1_000;
/** How long a claim is repeated before the database counts as out of reach; nothing is lost then, and the caller comes again. */
const PATIENCE_MS = 8_000;

/**
 * Takes an execution: creates it, takes it over once its lease has run out, or wakes it once it is due. Exactly one of any
 * number of concurrent callers is granted. Throws `unavailable` when the database is out of reach.
 */
export async function claim(fresh: RunningExecution, engine: ClaimEngine): Promise<Claim> {
  return untilAnswered<Claim>(fresh.id, engine, async () => {
    const outcome = await engine.store.create(fresh, CALL_LIMIT);
    if (outcome.kind === 'written') return { kind: 'granted', execution: fresh, fence: outcome.fence };
    if (outcome.kind === 'refused') throw outcome.cause;
    if (outcome.kind === 'not_written') throw notWritten(fresh.id, outcome.cause);
    const stored = await engine.store.read(fresh.id, CALL_LIMIT);
    const answer = stored === undefined ? undefined : await takeStored(stored, fresh, engine);
    return answer ?? { kind: 'again', cause: outcome.kind === 'unknown' ? outcome.cause : undefined };
  });
}

/**
 * Takes an execution that is recorded already, by its id: undefined if there is none. Like `claim` otherwise.
 */
export async function claimById(
  id: string,
  lease: RunningExecution['lease'],
  engine: ClaimEngine,
): Promise<Claim | undefined> {
  return untilAnswered<Claim | undefined>(id, engine, async () => {
    const stored = await engine.store.read(id, CALL_LIMIT);
    if (stored === undefined) return undefined;
    return (await takeStored(stored, { lease }, engine)) ?? { kind: 'again', cause: undefined };
  });
}

/** Nobody was granted it by this try, and the record has changed meanwhile. */
interface Again {
  readonly kind: 'again';
  readonly cause: unknown;
}

function isAgain(answer: unknown): answer is Again {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'again';
}

async function untilAnswered<Answer>(
  id: string,
  { clock }: ClaimEngine,
  attempt: () => Promise<Answer | Again>,
): Promise<Answer> {
  const untilMs = clock.now().getTime() + PATIENCE_MS;
  for (let tries = 1; ; tries += 1) {
    const answer = await attempt();
    if (!isAgain(answer)) return answer;
    if (clock.now().getTime() >= untilMs) throw notWritten(id, answer.cause);
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
  if (isEnded(execution)) return { kind: 'recorded', execution };
  if (isOrphaned(stored)) return { kind: 'orphaned' };
  return execution.status === 'waiting' ? { kind: 'waiting', execution } : { kind: 'held', execution };
}
