import { toFailure } from '#core/redact/to-failure.ts';
import { loadExpressions } from '#language/expressions/expressions.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import type { Journal } from './journal/journal.ts';
import { needsExpressions } from './needs-expressions.ts';
import type { Execution, RunningExecution } from './record/execution.ts';
import { recordedSteps } from './record/iterations.ts';
import type { StepRecord } from './record/step-schema.ts';
import type { Engine, RunState, Shutdown } from './state/run-state.ts';
import { scopeOf } from './state/scope.ts';
import { MAX_INLINE_BYTES, stepsRoomOf } from './step/payloads.ts';

const NEVER: Shutdown = { begun: new AbortController().signal, over: new AbortController().signal };

/** What a claimed execution runs with. */
export interface Opening {
  readonly playbook: Playbook;
  readonly execution: RunningExecution;
  readonly journal: Journal;
  readonly over: AbortController;
  readonly outputs: RunState['outputs'];
  /** What was thrown by bugs of ours. */
  readonly faults: Set<unknown>;
  readonly onProgress?: ((execution: Execution) => void) | undefined;
  readonly engine: Engine;
}

/** The state of a run that begins, or continues where another runner stopped. */
export async function openRun({ onProgress, faults, ...opened }: Opening): Promise<RunState> {
  const { playbook, execution, journal, over, outputs, engine } = opened;
  return {
    engine,
    playbook,
    execution,
    journal,
    expressions: await loadExpressions(needsExpressions(playbook, engine.stepTypes)),
    scope: scopeOf(playbook, execution, stepIds(playbook, engine)),
    signal: AbortSignal.any([over.signal, journal.lost]),
    shutdown: engine.shutdown ?? NEVER,
    abort: (reason) => over.abort(reason),
    outputs,
    thrown: new Map(),
    tally: { continuedFailure: undefined },
    branch: { effectPending: false },
    room: { stepsBytes: stepsRoomOf(execution), inlineBytes: recordedBytes(recordedSteps(journal.steps.values())) },
    toFailure(thrown) {
      const failure = toFailure(thrown, engine.redact);
      if (failure.code === 'internal') faults.add(thrown);
      return failure;
    },
    progress: () => onProgress?.({ ...execution, steps: stepsByPath(journal.steps.values()) }),
  };
}

/** The steps of a record, by path. */
function stepsByPath(steps: Iterable<StepRecord>): Record<string, StepRecord> {
  return Object.fromEntries(recordedSteps(steps).map((step) => [step.path, step]));
}

/** None where the nested steps cannot be read: `checkRunnable` meets the same, where the execution can end by it. */
function stepIds(playbook: Playbook, engine: Engine): readonly string[] {
  try {
    return allSteps(playbook.steps, engine.stepTypes).map(({ step }) => step.id);
  } catch {
    return [];
  }
}

/** What payloads of an earlier runner take in a document, roughly: none is larger than the inline limit. */
function recordedBytes(steps: Iterable<StepRecord>): number {
  let bytes = 0;
  for (const { attempts } of steps)
    bytes += Math.min(Buffer.byteLength(JSON.stringify(attempts)), 2 * MAX_INLINE_BYTES);
  return bytes;
}

/** The bytes of an earlier runner's outputs that are stored outside the record. */
export function recordedOutputBytes(steps: Iterable<StepRecord>): number {
  let bytes = 0;
  for (const { attempts } of steps) {
    for (const attempt of attempts) if (attempt.status === 'succeeded') bytes += attempt.outputRef?.bytes ?? 0;
  }
  return bytes;
}
