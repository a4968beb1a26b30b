import { z } from 'zod';
import type { Attempt, StepRecord } from '../record/execution.ts';
import type { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';
import { illFormedAt } from '#core/ill-formed.ts';
import { checkedOutput, keepOutput, recordedFailure, recordedInput, recordedToolCall } from './payloads.ts';
import type { KeptOutput } from './payloads.ts';
import { commonStepFields } from '#language/playbook/playbook.ts';
import type { Step } from '#language/playbook/playbook.ts';
import { attemptsBegun, withAttempt } from '../record/kept-attempts.ts';
import type { RunnableStep } from './runnable-step.ts';
import { timeoutMsOf } from './runnable-step.ts';
import { rethrowIfOver, scopeFor, templateSources } from './read-back.ts';
import { ShuttingDown } from '../state/run-state.ts';
import type { RunState } from '../state/run-state.ts';
import type { ActionStepType, Effect, StepContext } from '#language/playbook/step-type.ts';
import { unlessAborted } from '#core/unless-aborted.ts';

interface Position {
  /** The step with the attempts made so far. */
  readonly began: Extract<StepRecord, { status: 'running' }>;
  readonly lastAttempt: boolean;
}

type EndedAttempt = Extract<Attempt, { status: 'succeeded' | 'failed' }>;

/**
 * One try of one step: fill in and check its fields, record that it begins, run it, check its output. What was recorded
 * is stored before an effect begins, and after one before anything else begins.
 * Throws only what ends this runner (`lease_lost`, `unavailable`, `ShuttingDown`).
 */
export async function attemptStep(runnable: RunnableStep, position: Position, run: RunState): Promise<EndedAttempt> {
  const attempt = openAttempt(runnable, position, run);
  const fields = ownFields(runnable.step);
  let scope: JsonObject;
  try {
    scope = await scopeOfFields(fields, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return attempt.failed(thrown);
  }
  try {
    const input = checkedInput(runnable, fields, scope, run);
    attempt.setInput(input);
    const effect = runnable.type.effect(runnable.step);
    attempt.show();
    if (effect !== 'none' || run.tally.effectPending) await flush(run);
    else run.journal.kick();
    run.shutdown.begun.throwIfAborted();

    if (effect !== 'none') run.tally.effectPending = true;
    const checked = checkedOutput(
      runnable,
      await withTimeout(runnable, effect, run, (signal) => runnable.type.run(input, attempt.context(signal))),
      run,
    );
    run.journal.lost.throwIfAborted();
    return attempt.succeeded(await unlessAborted(run.signal, keepOutput(runnable.path, checked, run)));
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    // It is neither a success nor a failure: whoever goes on makes it again.
    if (thrown instanceof ShuttingDown) throw thrown;
    return attempt.failed(thrown);
  }
}

async function flush(run: RunState): Promise<void> {
  await run.journal.flush();
  run.tally.effectPending = false;
}

/** The attempt while it goes on: what it has come to, and how it ends. */
function openAttempt({ path, step }: RunnableStep, { began, lastAttempt }: Position, run: RunState) {
  const { engine, journal } = run;
  const number = attemptsBegun(began) + 1;
  const startedAt = engine.clock.now();
  const modelCalls: ModelCall[] = [];
  const toolCalls: ToolCall[] = [];
  let input: Json | undefined;
  // A body that was left behind may go on, but it must not touch what has become of its attempt.
  let isOver = false;

  const soFar = () => ({
    number,
    startedAt,
    ...(input === undefined ? {} : { input }),
    ...(modelCalls.length === 0 ? {} : { modelCalls: [...modelCalls] }),
    ...(toolCalls.length === 0 ? {} : { toolCalls: [...toolCalls] }),
  });
  const ended = () => {
    isOver = true;
    const completedAt = engine.clock.now();
    return { ...soFar(), completedAt, durationMs: Math.max(0, completedAt.getTime() - startedAt.getTime()) };
  };
  const show = (): void => {
    journal.put(withAttempt(began, { ...soFar(), status: 'running' }));
    if (journal.weight() > run.stepsRoomBytes) run.abort(recordFull(path, run.stepsRoomBytes));
    run.progress();
  };

  const context = (signal: AbortSignal): StepContext => ({
    ...placeOf(path, run),
    attempt: number,
    lastAttempt,
    signal,
    async recordModelCall(call) {
      if (isOver) return;
      modelCalls.push(call);
      show();
      await flush(run);
    },
    recordToolCall(call) {
      if (isOver) return;
      toolCalls.push(recordedToolCall(call, run));
      show();
    },
  });

  return {
    show,
    context,
    setInput(resolved: JsonObject) {
      input = recordedInput(engine.redact.json(resolved), run);
    },
    succeeded(kept: KeptOutput): EndedAttempt {
      run.scope.set(step.id, { status: 'succeeded', output: kept.output, failure: null });
      return { ...ended(), ...kept.recorded, status: 'succeeded' };
    },
    failed(thrown: unknown): EndedAttempt {
      run.thrown.set(path, thrown);
      return { ...ended(), status: 'failed', failure: recordedFailure(run.toFailure(thrown), run) };
    },
  };
}

/** What every attempt of a step is told alike. */
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

async function scopeOfFields(fields: JsonObject, run: RunState): Promise<JsonObject> {
  const now = run.engine.clock.now();
  return run.scope.stored.size === 0 ? run.scope.at(now) : scopeFor(templateSources(fields), now, run);
}

function checkedInput({ step, type }: RunnableStep, fields: JsonObject, scope: JsonObject, run: RunState): JsonObject {
  const resolved = run.engine.redact.values(run.expressions.resolve(fields, scope));
  const broken = illFormedAt(resolved);
  if (broken !== undefined) {
    throw new PlaybookError(
      'input_invalid',
      `The field ${broken} of ${step.id} holds half of a character after filling in: a text was cut inside of an emoji, ` +
        `or of another character that consists of two parts. Cut it at another place, or not at all.`,
    );
  }
  const parsed = inputSchemaOf(type).safeParse(resolved);
  if (parsed.success && isJsonObject(resolved)) return resolved;
  const problems = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new PlaybookError('input_invalid', `The fields of ${step.id} are not valid after filling in: ${problems}`);
}

function recordFull(path: string, roomBytes: number): PlaybookError {
  return new PlaybookError(
    'output_too_large',
    `The record of this execution is full: at ${path}, its steps take more than ${roomBytes} bytes. ` +
      `Divide the playbook, try less often, or ask for less.`,
  );
}

const inputSchemas = new WeakMap<ActionStepType, z.ZodType>();

function inputSchemaOf(type: ActionStepType): z.ZodType {
  const known = inputSchemas.get(type);
  if (known !== undefined) return known;
  const schema = z.strictObject(type.fields);
  inputSchemas.set(type, schema);
  return schema;
}

function ownFields(step: Step): JsonObject {
  const common = new Set(['type', ...Object.keys(commonStepFields)]);
  const fields: [string, Json][] = [];
  for (const [name, value] of Object.entries(step)) {
    if (!common.has(name) && value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

/**
 * Runs `body` until it ends or its time is up; a body that does not listen to its signal is left behind. What may be
 * repeated freely, or with the same key, does not keep a process from ending; an effect that could happen twice does, for a
 * while.
 */
async function withTimeout(
  runnable: RunnableStep,
  effect: Effect,
  run: RunState,
  body: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const timeoutMs = timeoutMsOf(runnable);
  const timedOut = new AbortController();
  const cancel = run.engine.clock.after(timeoutMs, () => {
    timedOut.abort(new PlaybookError('timeout', `${runnable.path} took longer than its ${timeoutMs} ms.`));
  });
  const shutdown = effect === 'unkeyed' ? run.shutdown.over : run.shutdown.begun;
  const signal = AbortSignal.any([run.signal, shutdown, timedOut.signal]);
  try {
    // The time may have run out while the beginning was stored; then nothing may begin any more.
    signal.throwIfAborted();
    return await unlessAborted(signal, body(signal));
  } finally {
    cancel();
  }
}
