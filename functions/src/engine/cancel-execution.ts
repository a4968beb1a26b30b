import { PlaybookError } from '#core/failure.ts';
import { CALL_LIMIT, notWritten } from './claim/claim-answers.ts';
import { cancelledExecution } from './finish.ts';
import { iterationSteps } from './record/iterations.ts';
import { isEnded, type Execution } from './record/execution.ts';
import type { Engine } from './state/run-state.ts';

/** The most other writes that a cancellation gives way to. */
const MAX_TRIES = 20;
const RETRY_DELAY_MS = 100;

/**
 * Ends an execution as cancelled, whether it waits or a runner works on it: that one finds out with its next write, and
 * leaves what it did since its last one unrecorded. `message` says who cancelled it, and why. Resolves to the execution as it has ended, in whatever way; undefined
 * if there is none of this id. Throws `unavailable` when the database is out of reach.
 */
export async function cancelExecution(
  id: string,
  message: string,
  { store, clock }: Pick<Engine, 'store' | 'clock'>,
): Promise<Execution | undefined> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const stored = await store.read(id, CALL_LIMIT);
    if (stored === undefined || isEnded(stored.execution)) return stored?.execution;
    const iterations = await store.readIterations(id);
    const { finished, steps } = cancelledExecution(stored.execution, iterations.values(), message, clock.now());
    const { stepsExecuted, expireAt } = finished;
    const changes = {
      steps: new Map(steps.map((step) => [step.path, step])),
      stepsExecuted,
      next: { kind: 'ended' as const, finished, iterations: iterationSteps(steps) },
      expireAt,
    };
    const outcome = await store.write(id, changes, stored.fence, CALL_LIMIT);
    if (outcome.kind === 'written') return finished;
    if (outcome.kind === 'refused' || outcome.kind === 'not_written') throw notWritten(id, outcome.cause);
    await clock.sleep(RETRY_DELAY_MS * tries);
  }
  throw new PlaybookError('unavailable', `${id} was not cancelled: its runner writes too often. Try again.`);
}
