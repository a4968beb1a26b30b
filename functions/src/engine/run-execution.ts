import { claim, claimById } from './claim/claim.ts';
import type { Claim } from './claim/take-over.ts';
import { endRun, type EndedRun, type ParkedRun } from './end-run.ts';
import type { Execution, RunningExecution } from './record/execution.ts';
import { isFromNewerVersion, PlaybookError } from '#core/failure.ts';
import { openJournal } from './journal/journal.ts';
import { checkRunnable, vanishedTooOften } from './check-runnable.ts';
import { firstLease, newExecution, type ExecutionRequest } from './new-execution.ts';
import { openRun, recordedOutputBytes } from './open-run.ts';
import { barePlaybook, pinnedPlaybook, unrunnable, type Definition } from './pinned-playbook.ts';
import { executionOutputs } from './state/output-room.ts';
import { readIterations } from './record/read-iterations.ts';
import { type Rest, stopped } from './state/rest.ts';
import { ShuttingDown, type Engine, type RunState } from './state/run-state.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { runSteps } from './flow/run-steps.ts';
import { END_GRACE_MS, LAST_WRITE_MS } from './journal/time-limits.ts';

/**
 * What came of a request. `ended`: this runner has ended the execution; `thrown` is what was thrown behind its failure, for
 * the log. `parked`: it waits, and is resumed by its id. `given_back`: this process is shutting down, and the next delivery
 * continues immediately. Otherwise the answer of the claim.
 */
export type Ran =
  | EndedRun
  | ParkedRun
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
  return claimed.kind === 'granted' ? carryOn(claimed, request, engine, request.onProgress) : claimed;
}

/**
 * Resumes an execution by its id, with the definition that it began with: one whose runner is gone, or that waits and is
 * due. Undefined if there is none of this id. Answers and throws like `runExecution` otherwise.
 */
export async function resumeExecution(
  id: string,
  engine: Engine,
  onProgress?: (execution: Execution) => void,
): Promise<Ran | undefined> {
  const claimed = await claimById(id, firstLease(engine), engine);
  if (claimed?.kind !== 'granted') return claimed;
  return carryOn(claimed, undefined, engine, onProgress);
}

/** When the record of a claimed execution has ended at the latest, or it waits. */
function endByOf({ deadlineAt }: RunningExecution, { now }: Engine['clock']): Date {
  return new Date(Math.max(deadlineAt.getTime(), now().getTime()) + END_GRACE_MS);
}

/** Runs a claimed execution to its end, or until it has to wait. `known` may be the definition that it began with. */
async function carryOn(
  { execution, fence }: Extract<Claim, { readonly kind: 'granted' }>,
  known: Definition | undefined,
  engine: Engine,
  onProgress: ((execution: Execution) => void) | undefined,
): Promise<Ran> {
  const { clock } = engine;
  const endBy = endByOf(execution, clock);
  const iterations = await readIterations(execution, engine);
  const journal = openJournal({ store: engine.store, clock, execution, fence, endBy }, iterations);
  const over = new AbortController();
  let playbook = known?.playbook ?? barePlaybook(execution);
  const remainingMs = execution.deadlineAt.getTime() - clock.now().getTime();
  const cancel = clock.after(Math.max(0, remainingMs), () => over.abort(deadlineError(playbook)));
  if (remainingMs <= 0) over.abort(deadlineError(playbook));
  const late = abortAt(new Date(endBy.getTime() - LAST_WRITE_MS), clock);
  const faults = new Set<unknown>();
  const outputs = executionOutputs(engine.outputs, recordedOutputBytes(journal.steps.values()));
  try {
    const pinned = await pinnedPlaybook(execution, known, engine, late.signal);
    if (pinned.kind === 'found') playbook = pinned.playbook;
    const run = await openRun({ playbook, execution, journal, over, outputs, faults, onProgress, engine });
    const refusal = vanishedTooOften(run) ?? unrunnable(pinned, run);
    const ran = await endRun(run, endBy, () => (refusal === undefined ? walk(run) : stopped(refusal)));
    // The error that ended the execution is logged with its end.
    if (ran.kind === 'ended') faults.delete(ran.thrown);
    onProgress?.(ran.execution);
    return ran;
  } catch (thrown) {
    if (!(thrown instanceof ShuttingDown) && !isFromNewerVersion(thrown)) throw thrown;
    if (!journal.lost.aborted) await journal.giveBack();
    if (!(thrown instanceof ShuttingDown)) throw thrown;
    return { kind: 'given_back', execution };
  } finally {
    cancel();
    late.cancel();
    for (const fault of faults) engine.onFault?.(fault, execution.id);
    outputs.release();
    // Once the call is answered, the platform may take the processor away: nothing may run after that.
    await journal.close();
  }
}

/** A signal that aborts at an instant, unless that is cancelled. */
function abortAt(at: Date, clock: Engine['clock']): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const controller = new AbortController();
  const cancel = clock.after(Math.max(0, at.getTime() - clock.now().getTime()), () => controller.abort());
  return { signal: controller.signal, cancel };
}

async function walk(run: RunState): Promise<Rest> {
  const refusal = checkRunnable(run);
  return refusal === undefined ? runSteps(run.playbook.steps, undefined, run) : stopped(refusal);
}

/** The reason for which an execution ends at its deadline. */
function deadlineError({ name, deadline }: Playbook): PlaybookError {
  return new PlaybookError('deadline_exceeded', `${name} took longer than its deadline of ${deadline}.`);
}
