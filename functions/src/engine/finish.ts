import { cut } from '#core/cut.ts';
import type {
  CancelledExecution,
  CriterionResult,
  FinishedExecution,
  UnendedExecution,
  Spend,
  FailedExecution,
} from './record/execution.ts';
import { callsOf, sumOfCalls } from './record/model-calls.ts';
import { failureOf } from '#core/failure.ts';
import { stepUnderWay } from './record/step-under-way.ts';
import { elapsedMs, type SucceededAttempt } from './record/attempt.ts';
import { executedCount } from './record/contradictions.ts';
import { recordedSteps } from './record/iterations.ts';
import { failed, lastAttempt, MAX_SHORT_MESSAGE_CHARS, shortened, shortFailure } from './record/step-record.ts';
import type { EndedStep, StepRecord } from './record/step-schema.ts';
import type { Json } from '#core/json.ts';
import { weightOf } from '#core/json-weight.ts';
import type { RunState, Stop } from './state/run-state.ts';

/** Outputs beyond this many bytes are named in `results` by where they lie, and not repeated. */
const MAX_RESULT_BYTES = 4 * 1024;
/** So are all outputs as soon as what is repeated of them takes so much. */
const MAX_RESULTS_BYTES = 64 * 1024;
const MAX_SHORT_HEAD_BYTES = 250_000;
/** The runner of an execution that was cancelled. No real runner has this name, so one that comes back sees that the end is not its own. */
const CANCELLED = 'cancelled';

/** The record of an execution that has ended: failed if something stopped it or a critical step failed on the way. */
export function finishedExecution(
  run: RunState,
  stop: Stop | undefined,
  criteria: readonly CriterionResult[],
): FinishedExecution {
  const cause = stop ?? run.tally.continuedFailure;
  if (cause !== undefined) return failedExecution(run, cause, criteria);
  return { ...endedRun(run, criteria), status: 'succeeded', success: true, error: null };
}

/** The record of an execution that something has stopped. */
export function failedExecution(run: RunState, cause: Stop, criteria: readonly CriterionResult[]): FailedExecution {
  return { ...endedRun(run, criteria), ...failedFields(cause) };
}

function endedRun({ journal, execution, engine }: RunState, criteria: readonly CriterionResult[]) {
  const now = engine.clock.now();
  const steps = Array.from(journal.steps.values(), (step) => endedStep(step, now));
  return { ...endedFields(execution, steps, now), criteria: [...criteria], runner: execution.lease.owner };
}

/**
 * The record of an execution that is cancelled, whether it waits or runs. Its steps under way fail with it; whether their
 * effects happened is not known. `iterations` are the steps that other documents keep; `steps` are all as they have ended.
 */
export function cancelledExecution(
  execution: UnendedExecution,
  iterations: Iterable<StepRecord>,
  message: string,
  now: Date,
): { readonly finished: CancelledExecution; readonly steps: readonly EndedStep[] } {
  const failure = failureOf('cancelled', { message });
  const all = [...Object.values(execution.steps), ...iterations];
  const steps = all.map((step) => (step.status === 'running' ? failed(step, failure, now) : step));
  const finished = {
    ...endedFields(execution, steps, now),
    ...failedFields({ path: stepUnderWay(all) ?? null, failure }),
    status: 'cancelled' as const,
    criteria: [],
    runner: CANCELLED,
  };
  return { finished, steps };
}

/** What the record of every end says of an execution and its steps, which have all ended. */
export function endedFields(execution: UnendedExecution, all: readonly EndedStep[], completedAt: Date) {
  const header = headerOf(execution);
  const records = recordedSteps(all);
  return {
    ...header,
    steps: Object.fromEntries(records.map((step) => [step.path, step])),
    stepsExecuted: executedCount(records),
    completedAt,
    duration: elapsedMs(header.startedAt, completedAt),
    results: resultsOf(records),
    spend: spendOf(all),
  };
}

function headerOf(execution: UnendedExecution) {
  if (execution.status === 'running') {
    const { status: _, lease: __, deadlineAt: ___, wakeAt: ____, ...header } = execution;
    return header;
  }
  const { status: _, waitsFor: __, remainingMs: ___, wakeAt: ____, ...header } = execution;
  return header;
}

/** The additional fields of a failed execution. */
export function failedFields({ path, failure }: Stop) {
  return {
    status: 'failed' as const,
    success: false as const,
    error: path === null ? failure.message : `${path}: ${failure.message}`,
    failure,
    failedStep: path,
  };
}

/** A step that was still under way when the execution ended: only an alert that is still being delivered. */
function endedStep(step: StepRecord, now: Date): EndedStep {
  if (step.status !== 'running') return step;
  const message = 'It was still under way when this record ended; the notifications show how it ended.';
  return failed(step, failureOf('timeout', { message }), now);
}

/**
 * The same end without anything that may have been too much or could not be stored: of the steps their names, times and
 * how they ended. For a database that refused the whole one.
 */
export function shortenedExecution(finished: FailedExecution): FailedExecution {
  const { labels, inputs } = finished;
  const steps = Object.values(finished.steps).map(shortened);
  return {
    ...finished,
    // Older playbooks may have labels without end.
    ...(weightOf({ labels, inputs }) > MAX_SHORT_HEAD_BYTES ? { labels: {}, inputs: {} } : {}),
    steps: Object.fromEntries(steps.map((step) => [step.path, step])),
    results: {},
    criteria: [],
    failure: shortFailure(finished.failure),
    error: cut(finished.error, MAX_SHORT_MESSAGE_CHARS),
  };
}

function resultsOf(records: readonly EndedStep[]): Record<string, Json> {
  const results: Record<string, Json> = {};
  let bytes = 0;
  for (const step of [...records].toSorted((a, b) => a.order - b.order)) {
    const last = step.status === 'succeeded' ? lastAttempt(step) : undefined;
    if (last === undefined) continue;
    const at = `steps.${step.path}.attempts`;
    const result = last.outputRef === undefined ? inlineResult(at, last.output) : { ...last.outputRef };
    const isRoomFor = bytes + weightOf(result) <= MAX_RESULTS_BYTES;
    results[step.path] = isRoomFor ? result : { bytes: outputBytes(last), at };
    bytes += weightOf(results[step.path]);
  }
  return results;
}

function inlineResult(at: string, output: Json): Json {
  const bytes = jsonBytes(output);
  return bytes <= MAX_RESULT_BYTES ? output : { bytes, at };
}

function outputBytes(attempt: SucceededAttempt): number {
  return attempt.outputRef === undefined ? jsonBytes(attempt.output) : attempt.outputRef.bytes;
}

function jsonBytes(output: Json): number {
  return Buffer.byteLength(JSON.stringify(output));
}

/** What all model calls took together; the cost is null as soon as that of one of them is not known. */
export function spendOf(records: readonly EndedStep[]): Spend {
  const { modelCalls, inputTokens, outputTokens, costUsd, unpriced } = sumOfCalls(callsOf(records));
  return { modelCalls, inputTokens, outputTokens, costUsd: unpriced > 0 ? null : costUsd };
}
