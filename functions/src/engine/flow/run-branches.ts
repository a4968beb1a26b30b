import { COMPLETED, type Rest, WAITS } from '../state/rest.ts';
import type { Branch, RunState, RunTally } from '../state/run-state.ts';

/** Runs one branch, with the state of the run as that branch sees it. */
export type RunBranch = (run: RunState) => Promise<Rest>;

/**
 * Runs branches beside each other, at most `limit` at a time, each with its own pending effect. All of them come to rest:
 * as long as one waits, all wait; otherwise the first that was stopped, in the order in which they are written, stops
 * all. Throws what ends this runner, once no branch runs any more.
 */
export async function runBranches(branches: readonly RunBranch[], limit: number, run: RunState): Promise<Rest> {
  const rests: Rest[] = [];
  const tallies = branches.map((): RunTally => ({ continuedFailure: undefined }));
  let thrown: { readonly reason: unknown } | undefined;
  const queue = branches.entries();
  const line = async (): Promise<void> => {
    for (const [index, runBranch] of queue) {
      if (thrown !== undefined) return;
      const branch: Branch = { effectPending: run.branch.effectPending };
      try {
        rests[index] = await runBranch({ ...run, branch, tally: tallies[index] ?? run.tally });
      } catch (reason) {
        thrown ??= { reason };
      } finally {
        run.branch.effectPending ||= branch.effectPending;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, branches.length) }, line));
  if (thrown !== undefined) throw thrown.reason;
  // The first in the order in which they are written, not in that in which they happened to fail.
  run.tally.continuedFailure ??= tallies.find((tally) => tally.continuedFailure !== undefined)?.continuedFailure;
  if (rests.some(({ kind }) => kind === 'waits')) return WAITS;
  return rests.find(({ kind }) => kind === 'stopped') ?? COMPLETED;
}
