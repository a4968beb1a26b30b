import type { ExecutionStore, StoreLimit, WriteOutcome } from '#engine/record/execution-store.ts';
import type { FinishedExecution, SkippedExecution } from '#engine/record/execution.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { moveEarlierDays } from '../figures/earlier-days.ts';
import { dayOf } from '../store/utc-periods.ts';

/** Nobody waits long for this: the end is stored, and the next day tries again. */
const MAX_CALL_MS = 1_000;

/**
 * A store that keeps the statistics of the playbooks small. The first execution of a day that ends or is skipped also
 * moves the figures of earlier days. It knows itself without reading: its window reaches back to an earlier day, and
 * no other of this process has moved them on this day. What it cannot move now, another moves later; no outcome depends
 * on it.
 */
export function withSmallStatistics(
  store: ExecutionStore,
  documents: Pick<Documents, 'get' | 'commit'>,
): ExecutionStore {
  const movedOn = new Map<string, string>();

  async function moveAfter(
    outcome: WriteOutcome,
    { playbookId, startedAt, window }: FinishedExecution | SkippedExecution,
    { timeoutMs = MAX_CALL_MS }: Partial<StoreLimit> = {},
  ): Promise<void> {
    const today = dayOf(startedAt);
    if (outcome.kind !== 'written' || dayOf(window.start) >= today || movedOn.get(playbookId) === today) return;
    movedOn.set(playbookId, today);
    try {
      const limit = { timeoutMs: Math.min(timeoutMs, MAX_CALL_MS) };
      await moveEarlierDays(documents, { playbookId, now: startedAt }, limit);
    } catch (thrown) {
      if (!(thrown instanceof PlaybookError)) throw thrown;
      movedOn.delete(playbookId);
    }
  }

  return {
    ...store,
    async create(execution, limit) {
      const outcome = await store.create(execution, limit);
      if (execution.status === 'skipped') await moveAfter(outcome, execution, limit);
      return outcome;
    },
    async write(id, changes, fence, limit) {
      const outcome = await store.write(id, changes, fence, limit);
      if ('finished' in changes.next) await moveAfter(outcome, changes.next.finished, limit);
      return outcome;
    },
  };
}
