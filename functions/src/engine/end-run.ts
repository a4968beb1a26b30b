import { alertStep, brokenAlert, isAlertPath } from './alert.ts';
import { evaluateCriteria } from './criteria.ts';
import type { CriterionResult, FinishedExecution, WaitingExecution } from './record/execution.ts';
import { isUnavailable } from '#core/failure.ts';
import { RecordRefused } from './journal/fenced-writer.ts';
import { failedExecution, finishedExecution, shortenedExecution } from './finish.ts';
import { tell } from './tell.ts';
import { parkedExecution } from './suspend/park.ts';
import { detachedJournal } from './journal/detached-journal.ts';
import { scopeFor } from './step/read-back.ts';
import { ShuttingDown, type RunState, type Stop } from './state/run-state.ts';
import type { Rest } from './state/rest.ts';
import { stepUnderWay } from './record/step-under-way.ts';
import { LAST_WRITE_MS } from './journal/time-limits.ts';

/** How an execution has ended, and what was thrown behind its failure, for the log. */
export interface EndedRun {
  readonly kind: 'ended';
  readonly execution: FinishedExecution;
  readonly thrown: unknown;
}

/** An execution that was parked: it goes on once what its steps wait for has happened. */
export interface ParkedRun {
  readonly kind: 'parked';
  readonly execution: WaitingExecution;
}

/**
 * Walks the steps and brings the execution to its end: criteria, alert, the last write. Where steps wait, it is
 * parked instead. An alert that takes longer than the deadline leaves does not hold up the record; it goes on being delivered for a while. What the database refuses to record
 * ends the execution as failed, in a short record. Throws what ends this runner (`lease_lost`, `unavailable`, `ShuttingDown`).
 */
export async function endRun(
  run: RunState,
  endBy: Date,
  walk: () => Rest | Promise<Rest>,
): Promise<EndedRun | ParkedRun> {
  try {
    const found = await outcome(run, walk);
    return found.kind === 'waits' ? await park(run) : await finish(run, endBy, found);
  } catch (thrown) {
    const refused = refusedRecord(thrown, run);
    if (refused === undefined) throw thrown;
    return finishRefused(run, endBy, refused);
  }
}

type Outcome =
  | { readonly kind: 'waits' }
  | { readonly kind: 'over'; readonly stop: Stop | undefined; readonly criteria: readonly CriterionResult[] };

async function outcome(run: RunState, walk: () => Rest | Promise<Rest>): Promise<Outcome> {
  try {
    const rest = await walk();
    run.journal.lost.throwIfAborted();
    // What waits is not left behind by an execution whose time is up: the second walk ends it.
    if (rest.kind === 'waits' && run.signal.aborted) return await outcome(run, walk);
    if (rest.kind === 'waits') return rest;
    const stop = rest.kind === 'stopped' ? rest.stop : undefined;
    return { kind: 'over', stop, criteria: await measured(run) };
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    if (thrown instanceof ShuttingDown || isUnavailable(thrown)) throw thrown;
    // A bug must end the execution, or every runner that takes it over would meet it again.
    return { kind: 'over', stop: stopOf(thrown, run), criteria: [] };
  }
}

async function park(run: RunState): Promise<ParkedRun> {
  const execution = parkedExecution(run);
  await run.journal.park(execution);
  return { kind: 'parked', execution };
}

async function measured(run: RunState): Promise<readonly CriterionResult[]> {
  const criteria = run.playbook.criteria ?? [];
  if (criteria.length === 0) return [];
  const at = measuredAt(run);
  const isReadBack = run.scope.stored.size > 0 && !run.signal.aborted;
  const sources = criteria.flatMap(({ value, ok, alert }) => [value, ok, alert]);
  const scope = isReadBack ? await scopeFor(sources, at, run) : run.scope.at(at);
  return evaluateCriteria(criteria, scope, run.expressions);
}

/** When the last step of the playbook ended: a resumed execution measures the same, and tells of it once. */
function measuredAt({ journal, execution }: RunState): Date {
  const ends = Array.from(journal.steps.values(), (step) =>
    !isAlertPath(step.path) && step.status !== 'running' ? step.completedAt.getTime() : 0,
  );
  return new Date(Math.max(execution.startedAt.getTime(), ...ends));
}

async function finish(
  run: RunState,
  endBy: Date,
  { stop, criteria }: Omit<Extract<Outcome, { readonly kind: 'over' }>, 'kind'>,
): Promise<EndedRun> {
  const alert = alertStep(run, stop, criteria);
  // Nothing new begins in a process that ends; the next runner notifies people.
  if (alert !== undefined) run.shutdown.begun.throwIfAborted();
  const telling = alert === undefined ? undefined : tell(alert, run);
  try {
    const alertStop = (await telling?.until(lastMomentFor(endBy))) ?? brokenAlert(run);
    const cause = stop ?? run.tally.continuedFailure ?? alertStop;
    const execution = finishedExecution(run, cause, criteria);
    await run.journal.finish(execution);
    // People may still be being told, for as long as the alert's own grace lasts.
    await telling?.ended;
    return { kind: 'ended', execution, thrown: cause && run.thrown.get(cause.path ?? '') };
  } finally {
    telling?.giveUp();
  }
}

/** The database refuses the record of what happened: people are notified, and the execution ends with its outcome. */
async function finishRefused(run: RunState, endBy: Date, refused: RecordRefused): Promise<EndedRun> {
  const stop = { path: stepUnderWay(run.journal.steps.values()) ?? null, failure: run.toFailure(refused) };
  // Nothing of it reaches the record any more: the short end counts for itself, and has one failure.
  const tally = { ...run.tally, continuedFailure: undefined };
  const detached = { ...run, journal: detachedJournal(run.journal.steps), tally };
  const alert = alertStep(detached, stop, []);
  const telling = alert === undefined ? undefined : tell(alert, detached);
  try {
    await telling?.until(lastMomentFor(endBy));
    const execution = shortenedExecution(failedExecution(detached, stop, []));
    await run.journal.finishShort(execution);
    await telling?.ended;
    return { kind: 'ended', execution, thrown: refused };
  } finally {
    telling?.giveUp();
  }
}

/** What is left until `endBy` then belongs to the last write. */
function lastMomentFor(endBy: Date): Date {
  return new Date(endBy.getTime() - LAST_WRITE_MS);
}

function refusedRecord(thrown: unknown, run: RunState): RecordRefused | undefined {
  const reason: unknown = run.journal.lost.aborted ? run.journal.lost.reason : thrown;
  return reason instanceof RecordRefused ? reason : undefined;
}

function stopOf(thrown: unknown, run: RunState): Stop {
  run.thrown.set('', thrown);
  return { path: null, failure: run.toFailure(thrown) };
}
