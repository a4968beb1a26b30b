import { z } from 'zod';
import type { Attempt, ModelCall, StepRecord, ToolCall } from './execution.ts';
import { PlaybookError } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import { keepOutput, recordedInput } from './payloads.ts';
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
  const { engine, execution, journal } = run;
  const number = earlier.length + 1;
  const startedAt = engine.clock.now();
  const modelCalls: ModelCall[] = [];
  const toolCalls: ToolCall[] = [];
  let input: Json | undefined;

  const soFar = () => ({
    number,
    startedAt,
    ...(input === undefined ? {} : { input }),
    ...(modelCalls.length === 0 ? {} : { modelCalls: [...modelCalls] }),
    ...(toolCalls.length === 0 ? {} : { toolCalls: [...toolCalls] }),
  });
  const ended = () => {
    const completedAt = engine.clock.now();
    return { ...soFar(), completedAt, durationMs: Math.max(0, completedAt.getTime() - startedAt.getTime()) };
  };
  const show = (): void => {
    journal.put({ ...began, attempts: [...earlier, { ...soFar(), status: 'running' }] });
    run.progress();
  };

  const context = (signal: AbortSignal): StepContext => ({
    executionId: execution.id,
    playbookId: execution.playbookId,
    playbookName: execution.playbookName,
    stepPath: path,
    attempt: number,
    lastAttempt,
    idempotencyKey: `${execution.id}/${path}`,
    signal,
    clock: engine.clock,
    expireAt: execution.expireAt,
    async recordModelCall(call) {
      modelCalls.push(call);
      show();
      await flush(run);
    },
    recordToolCall(call) {
      toolCalls.push({ ...call, input: engine.redact.json(call.input), output: engine.redact.text(call.output) });
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
      return { ...ended(), status: 'failed', failure: run.toFailure(thrown) };
    },
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
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([aborted, body(signal)]);
  } finally {
    cancel();
  }
}
