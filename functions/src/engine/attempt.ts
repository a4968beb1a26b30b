import { z } from 'zod';
import type { Attempt, ModelCall, StepRecord, ToolCall } from './execution.ts';
import { PlaybookError } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import { keepOutput, recordedFailure, recordedInput, recordedToolCall } from './payloads.ts';
import type { KeptOutput } from './payloads.ts';
import { commonStepFields } from './playbook.ts';
import type { Step } from './playbook.ts';
import type { RunnableStep } from './run-step.ts';
import { timeoutMsOf } from './run-step.ts';
import type { RunState } from './run-state.ts';
import type { ActionStepType, StepContext } from './step-type.ts';

interface Position {
  readonly began: Extract<StepRecord, { status: 'running' }>;
  readonly earlier: readonly Attempt[];
  readonly lastAttempt: boolean;
}

type EndedAttempt = Extract<Attempt, { status: 'succeeded' | 'failed' }>;

/** How many attempts count against the retry policy: those that ended by themselves. */
export function attemptsMade(attempts: readonly Attempt[]): number {
  return attempts.filter((attempt) => attempt.status === 'failed').length;
}

/**
 * One try of one step: fill in and check its fields, put down that it begins, run it, check its output. What was put down
 * is stored before an effect begins, and after one before anything else begins.
 * Throws only what ends this runner (`lease_lost`, `unavailable`).
 */
export async function attemptStep(runnable: RunnableStep, position: Position, run: RunState): Promise<EndedAttempt> {
  const attempt = openAttempt(runnable, position, run);
  try {
    const input = checkedInput(runnable, run);
    attempt.setInput(input);
    const effect = runnable.type.effect(runnable.step);
    attempt.show();
    if (effect !== 'none' || run.effectPending) await flush(run);
    else run.journal.kick();

    if (effect !== 'none') run.effectPending = true;
    const raw = await withTimeout(runnable, run, (signal) => runnable.type.run(input, attempt.context(signal)));
    run.journal.lost.throwIfAborted();
    return attempt.succeeded(await keepOutput(runnable, raw, run));
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    return attempt.failed(thrown);
  }
}

async function flush(run: RunState): Promise<void> {
  await run.journal.flush();
  run.effectPending = false;
}

/** The attempt while it goes on: what it has come to, and how it ends. */
function openAttempt({ path, step }: RunnableStep, { began, earlier, lastAttempt }: Position, run: RunState) {
  const { engine, journal } = run;
  const number = earlier.length + 1;
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
    journal.put({ ...began, attempts: [...earlier, { ...soFar(), status: 'running' }] });
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

function checkedInput({ step, type }: RunnableStep, run: RunState): JsonObject {
  const resolved = run.engine.redact.values(
    run.expressions.resolve(ownFields(step), run.scope.at(run.engine.clock.now())),
  );
  const parsed = inputSchemaOf(type).safeParse(resolved);
  if (parsed.success && isJsonObject(resolved)) return resolved;
  const problems = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new PlaybookError('input_invalid', `The fields of ${step.id} are not valid after filling in: ${problems}`);
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

/** Runs `body` until it ends or its time is up; a body that does not listen to its signal is left behind. */
async function withTimeout(
  runnable: RunnableStep,
  run: RunState,
  body: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const timeoutMs = timeoutMsOf(runnable);
  const timedOut = new AbortController();
  const cancel = run.engine.clock.after(timeoutMs, () => {
    timedOut.abort(new PlaybookError('timeout', `${runnable.path} took longer than its ${timeoutMs} ms.`));
  });
  const signal = AbortSignal.any([run.signal, timedOut.signal]);
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    // The time may have run out while the beginning was stored; then nothing may begin any more.
    signal.throwIfAborted();
    return await Promise.race([aborted.promise, body(signal)]);
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
  }
}
