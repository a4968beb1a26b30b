import { cut } from '#core/cut.ts';
import type { CriterionResult, FinishedExecution, RunningExecution, Spend, StepRecord } from './record/execution.ts';
import { callsOf, sumOfCalls } from './record/model-calls.ts';
import type { Failure } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import { weightOf } from '#core/json-weight.ts';
import type { RunState, Stop } from './state/run-state.ts';

/** Outputs beyond this many bytes are named in `results` by where they lie, and not repeated. */
const MAX_RESULT_BYTES = 4 * 1024;
/** So are all outputs as soon as what is repeated of them takes so much. */
const MAX_RESULTS_BYTES = 64 * 1024;
const MAX_SHORT_MESSAGE_CHARS = 1_000;
const MAX_SHORT_HEAD_BYTES = 250_000;

/** The record of an execution that has ended: failed if something stopped it or a critical step failed on the way. */
export function finishedExecution(
  run: RunState,
  stop: Stop | undefined,
  criteria: readonly CriterionResult[],
): FinishedExecution {
  const now = run.engine.clock.now();
  const steps = Array.from(run.journal.steps.values(), (step) => endedStep(step, now));
  const runner = run.execution.lease.owner;
  const ended = { ...endedFields(run.execution, steps, now), criteria: [...criteria], runner };
  const cause = stop ?? run.tally.continuedFailure;
  if (cause === undefined) return { ...ended, status: 'succeeded', success: true, error: null };
  return { ...ended, ...failedFields(cause) };
}

/** What the record of every end says of an execution and its steps, which have all ended. */
export function endedFields(execution: RunningExecution, records: readonly StepRecord[], completedAt: Date) {
  const { status: _, lease: __, deadlineAt: ___, ...header } = execution;
  return {
    ...header,
    steps: Object.fromEntries(records.map((step) => [step.path, step])),
    stepsExecuted: records.filter((step) => step.status === 'succeeded' || step.status === 'failed').length,
    completedAt,
    duration: Math.max(0, completedAt.getTime() - header.startedAt.getTime()),
    results: resultsOf(records),
    spend: spendOf(records),
  };
}

/** What the record of a failed execution says besides. */
export function failedFields({ path, failure }: Stop) {
  return {
    status: 'failed' as const,
    success: false as const,
    error: path === null ? failure.message : `${path}: ${failure.message}`,
    failure,
    failedStep: path,
  };
}

/** A step that was still under way when the execution ended: only an alert that goes on being delivered. */
function endedStep(step: StepRecord, now: Date): StepRecord {
  if (step.status !== 'running') return step;
  const message = 'It was still under way when this record ended; the notifications say what became of it.';
  return brokenOff(step, { code: 'timeout', class: 'transient', message }, now);
}

/** A running step that ends as failed, its attempt under way as interrupted. */
export function brokenOff(
  step: Extract<StepRecord, { status: 'running' }>,
  failure: Failure,
  now: Date,
): Extract<StepRecord, { status: 'failed' }> {
  const since = (start: Date): number => Math.max(0, now.getTime() - start.getTime());
  const attempts = step.attempts.map((attempt) =>
    attempt.status === 'running'
      ? { ...attempt, status: 'interrupted' as const, completedAt: now, durationMs: since(attempt.startedAt) }
      : attempt,
  );
  const ended = { completedAt: now, durationMs: since(step.startedAt) };
  return { ...step, attempts, ...ended, status: 'failed', failure, continued: false };
}

/**
 * The same end without anything that may have been too much or could not be stored: of the steps their names, times and
 * how they ended. For a database that refused the whole one.
 */
export function shortened<Finished extends FinishedExecution>(finished: Finished): Finished {
  const steps = Object.values(finished.steps).map((step) => {
    const { attempts: _, omitted: __, ...bare } = step;
    return bare.status === 'failed'
      ? { ...bare, attempts: [], failure: shortFailure(bare.failure) }
      : { ...bare, attempts: [] };
  });
  const { labels, inputs } = finished;
  const short = {
    ...finished,
    // Older playbooks may have labels without end.
    ...(weightOf({ labels, inputs }) > MAX_SHORT_HEAD_BYTES ? { labels: {}, inputs: {} } : {}),
    steps: Object.fromEntries(steps.map((step) => [step.path, step])),
    results: {},
    criteria: [],
  };
  if (short.status === 'succeeded') return short;
  return { ...short, failure: shortFailure(short.failure), error: cut(short.error, MAX_SHORT_MESSAGE_CHARS) };
}

function shortFailure({ code, class: kind, message }: Failure): Failure {
  return { code, class: kind, message: cut(message, MAX_SHORT_MESSAGE_CHARS) };
}

function resultsOf(records: readonly StepRecord[]): Record<string, Json> {
  const results: Record<string, Json> = {};
  let bytes = 0;
  for (const step of [...records].toSorted((a, b) => a.order - b.order)) {
    const last = step.attempts.at(-1);
    if (step.status !== 'succeeded' || last?.status !== 'succeeded') continue;
    const at = `steps.${step.path}.attempts`;
    const result = last.outputRef === undefined ? inlineResult(at, last.output ?? null) : { ...last.outputRef };
    const isRoomFor = bytes + weightOf(result) <= MAX_RESULTS_BYTES;
    results[step.path] = isRoomFor ? result : { bytes: last.outputRef?.bytes ?? jsonBytes(last.output ?? null), at };
    bytes += weightOf(results[step.path]);
  }
  return results;
}

function inlineResult(at: string, output: Json): Json {
  const bytes = jsonBytes(output);
  return bytes <= MAX_RESULT_BYTES ? output : { bytes, at };
}

function jsonBytes(output: Json): number {
  return Buffer.byteLength(JSON.stringify(output));
}

/** What all model calls took together; the cost is null as soon as that of one of them is not known. */
function spendOf(records: readonly StepRecord[]): Spend {
  const { modelCalls, inputTokens, outputTokens, costUsd, unpriced } = sumOfCalls(callsOf(records));
  return { modelCalls, inputTokens, outputTokens, costUsd: unpriced > 0 ? null : costUsd };
}
