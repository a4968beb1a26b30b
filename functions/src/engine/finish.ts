import type { CriterionResult, FinishedExecution, ModelCall, Spend, StepRecord } from './execution.ts';
import type { Json } from './json.ts';
import type { RunState, Stop } from './run-state.ts';

/** Outputs beyond this many bytes are named in `results` by where they lie, and not repeated. */
const MAX_RESULT_BYTES = 4 * 1024;

/** The record of an execution that has ended: failed if something stopped it or a critical step failed on the way. */
export function finishedExecution(
  run: RunState,
  stop: Stop | undefined,
  criteria: readonly CriterionResult[],
): FinishedExecution {
  const { status: _, lease, deadlineAt: __, ...header } = run.execution;
  const completedAt = run.engine.clock.now();
  const steps = Object.fromEntries(run.journal.steps);
  const records = Object.values(steps);
  const ended = {
    ...header,
    steps,
    stepsExecuted: records.filter((step) => step.status === 'succeeded' || step.status === 'failed').length,
    completedAt,
    duration: Math.max(0, completedAt.getTime() - header.startedAt.getTime()),
    results: resultsOf(records),
    criteria: [...criteria],
    spend: spendOf(records),
    runner: lease.owner,
  };
  const cause = stop ?? run.continuedFailure;
  if (cause === undefined) return { ...ended, status: 'succeeded', success: true, error: null };
  const { path, failure } = cause;
  return {
    ...ended,
    status: 'failed',
    success: false,
    error: path === null ? failure.message : `${path}: ${failure.message}`,
    failure,
    failedStep: path,
  };
}

function resultsOf(records: readonly StepRecord[]): Record<string, Json> {
  const results: Record<string, Json> = {};
  for (const step of [...records].toSorted((a, b) => a.order - b.order)) {
    const last = step.attempts.at(-1);
    if (step.status !== 'succeeded' || last?.status !== 'succeeded') continue;
    results[step.path] =
      last.outputRef === undefined ? inlineResult(step.path, last.output ?? null) : { ...last.outputRef };
  }
  return results;
}

function inlineResult(path: string, output: Json): Json {
  const bytes = Buffer.byteLength(JSON.stringify(output));
  return bytes <= MAX_RESULT_BYTES ? output : { bytes, at: `steps.${path}.attempts` };
}

/** What all model calls took together; the cost is null as soon as that of one of them is not known. */
export function spendOf(records: readonly StepRecord[]): Spend {
  const calls = records.flatMap((step) => step.attempts).flatMap((attempt): ModelCall[] => attempt.modelCalls ?? []);
  const sum = (of: (call: ModelCall) => number): number => calls.reduce((total, call) => total + of(call), 0);
  return {
    modelCalls: calls.length,
    inputTokens: sum((call) => call.inputTokens + call.cacheReadTokens + call.cacheWriteTokens),
    outputTokens: sum((call) => call.outputTokens),
    costUsd: calls.some((call) => call.costUsd === null) ? null : sum((call) => call.costUsd ?? 0),
  };
}
