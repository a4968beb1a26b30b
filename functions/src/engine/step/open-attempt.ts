import { PlaybookError } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import { endOf, type Attempt, type SucceededAttempt, type WaitingAttempt } from '../record/attempt.ts';
import { attemptsBegun } from '../record/kept-attempts.ts';
import { attempted } from '../record/step-record.ts';
import type { Suspension } from '#language/playbook/suspension.ts';
import type { UnderWayStep } from '../record/step-schema.ts';
import type { RunState } from '../state/run-state.ts';
import { attemptSoFar, type AttemptBegin } from './attempt-so-far.ts';
import { type KeptOutput, recordedFailure, recordedInput, recordedToolCall } from './payloads.ts';
import type { RunnableStep } from './runnable-step.ts';

/** Where in its step an attempt stands. */
export interface Position {
  /** The step with the attempts made so far. */
  readonly began: UnderWayStep;
  readonly lastAttempt: boolean;
  /** The attempt that was suspended, and that goes on; undefined for a new one. */
  readonly waiting?: WaitingAttempt;
}

type FailedAttempt = Extract<Attempt, { status: 'failed' }>;

/** An attempt that needs no runner any more: it has ended, or it waits. */
export type RestingAttempt = SucceededAttempt | FailedAttempt | WaitingAttempt;

/** An attempt under way: its progress is recorded, and it ends once. */
export function openAttempt({ path, step, type }: RunnableStep, position: Position, run: RunState) {
  const { began, lastAttempt, waiting } = position;
  const { engine, journal } = run;
  const startedAt = waiting?.startedAt ?? engine.clock.now();
  const number = attemptsBegun(began) + 1;
  const soFar = attemptSoFar({ number, startedAt, ...(waiting === undefined ? {} : toldOf(waiting)) });
  const show = (): void => {
    journal.put(attempted(began, { ...soFar.fields(), status: 'running' }));
    if (journal.weight(path) > run.room.stepsBytes) run.abort(recordFull(path, run.room.stepsBytes));
    run.progress();
  };
  const ended = () => ({ ...soFar.close(), ...endOf(startedAt, engine.clock.now()) });
  return {
    show,
    context: (signal: AbortSignal): StepContext => ({
      ...placeOf(path, run),
      ...recordingOf(soFar, show, run),
      attempt: number,
      lastAttempt,
      signal,
    }),
    setInput: (resolved: Json): void =>
      soFar.setInput(recordedInput(engine.redact.json(resolved), run, type.names?.agent)),
    succeeded(kept: KeptOutput): SucceededAttempt {
      run.scope.set(step.id, { status: 'succeeded', output: kept.output, failure: null });
      return { ...ended(), ...kept.recorded, status: 'succeeded' };
    },
    waits: (suspension: Suspension): WaitingAttempt => ({ ...soFar.close(), status: 'waiting', suspension }),
    failed(thrown: unknown): FailedAttempt {
      run.thrown.set(path, thrown);
      return { ...ended(), status: 'failed', failure: recordedFailure(run.toFailure(thrown), run) };
    },
  };
}

/** What an attempt recorded before it was suspended. */
function toldOf({ input, modelCalls, toolCalls }: WaitingAttempt): Partial<AttemptBegin> {
  return {
    ...(input === undefined ? {} : { input }),
    ...(modelCalls === undefined ? {} : { modelCalls }),
    ...(toolCalls === undefined ? {} : { toolCalls }),
  };
}

/** How the body of a step records its calls: each is recorded immediately, and a model call is stored before its answer is used. */
function recordingOf(
  soFar: ReturnType<typeof attemptSoFar>,
  show: () => void,
  run: RunState,
): Pick<StepContext, 'recordModelCall' | 'recordToolCall'> {
  return {
    async recordModelCall(call) {
      if (!soFar.addModelCall(call)) return;
      show();
      await flush(run);
    },
    recordToolCall(call) {
      if (soFar.addToolCall(recordedToolCall(call, run))) show();
    },
  };
}

/** Stores what has happened, an effect that is over included. */
export async function flush(run: RunState): Promise<void> {
  await run.journal.flush();
  run.branch.effectPending = false;
}

/** The context that all attempts of a step share. */
function placeOf(stepPath: string, { engine, execution, playbook: { alerts } }: RunState) {
  const { id: executionId, playbookId, playbookName, expireAt, onlyTo } = execution;
  return {
    executionId,
    playbookId,
    playbookName,
    stepPath,
    idempotencyKey: `${executionId}/${stepPath}`,
    clock: engine.clock,
    expireAt,
    alerts,
    ...(onlyTo === undefined ? {} : { onlyTo }),
  };
}

function recordFull(path: string, roomBytes: number): PlaybookError {
  return new PlaybookError(
    'output_too_large',
    `The record of this execution is full: at ${path}, its steps take more than ${roomBytes} bytes. ` +
      `Divide the playbook, try less often, or ask for less.`,
  );
}
