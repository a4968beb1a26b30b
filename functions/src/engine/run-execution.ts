import { claim, type Claim } from './claim/claim.ts';
import { endRun, type EndedRun } from './end-run.ts';
import type { RunningExecution } from './record/execution.ts';
import { isFromNewerVersion, PlaybookError } from '#core/failure.ts';
import { openJournal } from './journal/journal.ts';
import { checkRunnable, vanishedTooOften } from './check-runnable.ts';
import { newExecution, type ExecutionRequest } from './new-execution.ts';
import { openRun, recordedOutputBytes } from './open-run.ts';
import { missingVersion, pinnedPlaybook } from './pinned-playbook.ts';
import { executionOutputs } from './state/output-room.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { ShuttingDown, type Engine, type RunState, type Stop } from './state/run-state.ts';
import { runSteps } from './flow/run-steps.ts';
import { END_GRACE_MS } from './journal/time-limits.ts';

/**
 * What came of a request. `ended`: this runner has ended the execution; `thrown` is what was thrown behind its failure, for
 * the log. `given_back`: this process is shutting down, and the next delivery continues immediately. Otherwise the answer of the claim.
 */
export type Ran =
  | ({ readonly kind: 'ended' } & EndedRun)
  | { readonly kind: 'given_back'; readonly execution: RunningExecution }
  | Exclude<Claim, { readonly kind: 'granted' }>;

/**
 * Runs a playbook for one slot, once: claim, steps, finish. What another runner holds or has ended is answered from the
 * record. The record has ended 5 seconds after its deadline at the latest, even if a dependency hangs. Throws `lease_lost` when another runner took the
 * execution over meanwhile (its record is the answer), `unavailable` when the database is out of reach, and
 * `record_from_newer_version`; all leave an execution that the next delivery resumes.
 */
export async function runExecution(request: ExecutionRequest, engine: Engine): Promise<Ran> {
  const claimed = await claim(newExecution(request, engine), engine);
  if (claimed.kind !== 'granted') return claimed;

  const { execution, fence } = claimed;
  const { clock } = engine;
  const lastsUntilMs = Math.max(execution.deadlineAt.getTime(), clock.now().getTime());
  const endBy = new Date(lastsUntilMs + END_GRACE_MS);
  const journal = openJournal({ store: engine.store, clock, execution, fence, endBy });
  const over = new AbortController();
  const deadlineExceeded = deadlineError(request.playbook);
  const remainingMs = execution.deadlineAt.getTime() - clock.now().getTime();
  const cancel = clock.after(Math.max(0, remainingMs), () => over.abort(deadlineExceeded));
  if (remainingMs <= 0) over.abort(deadlineExceeded);
  const faults = new Set<unknown>();
  const outputs = executionOutputs(engine.outputs, recordedOutputBytes(journal.steps.values()));
  try {
    const pinned = await pinnedPlaybook(execution, request, engine, over.signal);
    const playbook = pinned ?? request.playbook;
    const run = await openRun({ playbook, execution, journal, over, outputs, faults, request, engine });
    const refusal = vanishedTooOften(run) ?? (pinned === undefined ? missingVersion(execution, run) : undefined);
    const ended = await endRun(run, endBy, () => refusal ?? walk(run));
    // The error that ended the execution is logged with its end.
    faults.delete(ended.thrown);
    request.onProgress?.(ended.execution);
    return { kind: 'ended', ...ended };
  } catch (thrown) {
    if (!(thrown instanceof ShuttingDown) && !isFromNewerVersion(thrown)) throw thrown;
    if (!journal.lost.aborted) await journal.giveBack();
    if (!(thrown instanceof ShuttingDown)) throw thrown;
    return { kind: 'given_back', execution };
  } finally {
    cancel();
    for (const fault of faults) engine.onFault?.(fault, execution.id);
    outputs.release();
    // Once the call is answered, the platform may take the processor away: nothing may run after that.
    await journal.close();
  }
}

async function walk(run: RunState): Promise<Stop | undefined> {
  return checkRunnable(run) ?? (await runSteps(run.playbook.steps, '', run));
}

/** The reason for which an execution ends at its deadline. */
function deadlineError({ name, deadline }: Playbook): PlaybookError {
  return new PlaybookError('deadline_exceeded', `${name} took longer than its deadline of ${deadline}.`);
}
