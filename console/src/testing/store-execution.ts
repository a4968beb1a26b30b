import { DAY_MS } from '#core/duration.ts';
import type { Execution, FinishedExecution, RunningExecution, SkippedExecution } from '#engine/record/execution.ts';
import type { Occasion } from '#engine/record/occasion.ts';
import type { FailedStep, RunningStep, StepRecord, SucceededStep } from '#engine/record/step-schema.ts';
import type { PayloadRef, SucceededAttempt } from '#engine/record/attempt.ts';
import { executedCount } from '#engine/record/contradictions.ts';
import type { Failure } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { executionStore } from '#records/executions/executions.ts';

const START = new Date('2026-11-20T13:00:00.000Z');

type Named = Pick<
  Execution,
  | 'id'
  | 'playbookId'
  | 'playbookName'
  | 'version'
  | 'labels'
  | 'inputs'
  | 'agents'
  | 'window'
  | 'startedAt'
  | 'expireAt'
> &
  Partial<Pick<Execution, 'onlyTo'>>;
type Header = Named & Occasion;

type End = Partial<Pick<FinishedExecution, 'criteria' | 'spend' | 'duration'>>;

/** What a test says of an execution; the rest is as ordinary as can be. */
export type ToStore = Partial<Named> &
  Partial<Pick<Execution, keyof Occasion>> & { readonly steps?: readonly StepRecord[] } & (
    | ({ readonly status?: 'succeeded' } & End)
    | ({ readonly status: 'failed'; readonly failure: Failure; readonly failedStep?: string | null } & End)
    | ({ readonly status: 'running' } & Partial<Pick<RunningExecution, 'deadlineAt' | 'lease'>>)
    | Pick<SkippedExecution, 'status' | 'reason' | 'explanation'>
  );

/** Writes an execution as the engine does, through its store: created, and then ended unless it runs. */
export async function storeExecution(documents: Documents, said: ToStore = {}): Promise<void> {
  const store = executionStore(documents);
  const header = headerOf(said);
  const steps = said.steps ?? [];
  if (said.status === 'skipped') {
    const { status, reason, explanation } = said;
    const ended = { completedAt: header.startedAt, duration: 0, success: true, error: null } as const;
    await store.create({ ...header, ...ended, status, reason, explanation, stepsExecuted: 0, steps: {}, results: {} });
    return;
  }
  const lease = { owner: 'runner-1', nonce: 'n', durationMs: 60_000, takeovers: 0, interruptions: 0 };
  const running: RunningExecution = {
    ...header,
    status: 'running',
    stepsExecuted: executedCount(steps),
    steps: byPath(steps),
    deadlineAt: new Date(header.startedAt.getTime() + 600_000),
    lease,
    ...(said.status === 'running' && leaseOf(said)),
  };
  const created = await store.create(running);
  if (said.status === 'running') return;
  if (created.kind !== 'written') throw new Error(`The execution ${header.id} could not be created.`);
  await store.write(
    header.id,
    {
      steps: new Map(steps.map((step) => [step.path, step])),
      stepsExecuted: executedCount(steps),
      next: { kind: 'ended', finished: finishedOf(header, said) },
      expireAt: header.expireAt,
    },
    created.fence,
  );
}

/** A step that is under way in its first attempt. */
export function runningStep(
  path: string,
  { order = 0, afterMs = 0, type = 'tool_call' }: StepToStore = {},
): RunningStep {
  const { startedAt } = timesOf(afterMs, 0);
  const attempt = { number: 1, status: 'running', startedAt } as const;
  return { ...stepOf(path, type, order), startedAt, status: 'running', attempts: [attempt] };
}

/** A step of one attempt that succeeded; it began so many milliseconds after its execution. */
export function doneStep(
  path: string,
  { order = 0, afterMs = 0, tookMs = 100, type = 'tool_call', input = {}, ...made }: DoneStepToStore = {},
): SucceededStep {
  const times = timesOf(afterMs, tookMs);
  const { output = {}, outputRef, ...calls } = made;
  const kept = outputRef === undefined ? { output } : { outputRef };
  const attempt = { number: 1, status: 'succeeded', ...times, input, ...kept, ...calls } as const;
  return { ...stepOf(path, type, order), ...times, status: 'succeeded', attempts: [attempt] };
}

/** A step of some attempts that all failed alike. */
export function failedStep(
  path: string,
  failure: Failure,
  { order = 0, afterMs = 0, tookMs = 100, type = 'tool_call', input = {}, attempts = 1 }: StepToStore = {},
): Extract<FailedStep, { block?: never }> {
  const tries = Array.from({ length: attempts }, (_, index) => {
    const times = timesOf(afterMs + index * tookMs * 2, tookMs);
    return { number: index + 1, status: 'failed', ...times, input, failure } as const;
  });
  const times = timesOf(afterMs, tookMs * (2 * attempts - 1));
  return { ...stepOf(path, type, order), ...times, status: 'failed', failure, continued: false, attempts: tries };
}

/** How a step of a test went. */
export interface StepToStore {
  readonly order?: number;
  readonly afterMs?: number;
  readonly tookMs?: number;
  readonly type?: string;
  readonly input?: Json;
  readonly attempts?: number;
}

/** How a step of a test went well. With a reference, its output lies beside the record. */
export interface DoneStepToStore
  extends Omit<StepToStore, 'attempts'>, Partial<Pick<SucceededAttempt, 'modelCalls' | 'toolCalls' | 'normalised'>> {
  readonly output?: Json;
  readonly outputRef?: PayloadRef;
}

function stepOf(path: string, type: string, order: number) {
  return { path, id: path.split('.').at(-1) ?? path, type, order };
}

function timesOf(afterMs: number, tookMs: number) {
  const startedAt = new Date(START.getTime() + afterMs);
  return { startedAt, completedAt: new Date(startedAt.getTime() + tookMs), durationMs: tookMs };
}

function headerOf(said: ToStore): Header {
  const startedAt = said.startedAt ?? START;
  return {
    id: said.id ?? 'ops_test_20261120T130000Z',
    playbookId: said.playbookId ?? 'ops_test',
    playbookName: said.playbookName ?? 'Test',
    version: said.version ?? 'v1',
    ...occasionSaid(said, startedAt),
    labels: said.labels ?? {},
    inputs: said.inputs ?? {},
    agents: said.agents ?? [],
    window: said.window ?? { start: new Date(startedAt.getTime() - DAY_MS), end: startedAt },
    startedAt,
    expireAt: new Date(startedAt.getTime() + 400 * DAY_MS),
    ...(said.onlyTo !== undefined && { onlyTo: said.onlyTo }),
  };
}

/** What a person started has no slot; everything else has the one at which it began, unless a test names another. */
function occasionSaid({ slot, trigger }: ToStore, startedAt: Date): Occasion {
  if (trigger?.kind === 'manual') return { slot: null, trigger };
  if (slot === null) return { slot, trigger: { kind: 'manual' } };
  return { slot: slot ?? startedAt, trigger: trigger ?? { kind: 'schedule' } };
}

function leaseOf({ deadlineAt, lease }: Partial<Pick<RunningExecution, 'deadlineAt' | 'lease'>>) {
  return { ...(deadlineAt !== undefined && { deadlineAt }), ...(lease !== undefined && { lease }) };
}

function finishedOf(
  header: Header,
  said: Exclude<ToStore, { readonly status: 'running' | 'skipped' }>,
): FinishedExecution {
  const duration = said.duration ?? 1_000;
  const steps = (said.steps ?? []).filter((step) => step.status !== 'running');
  const ended = {
    ...header,
    stepsExecuted: executedCount(steps),
    steps: byPath(steps),
    completedAt: new Date(header.startedAt.getTime() + duration),
    duration,
    results: {},
    criteria: said.criteria ?? [],
    spend: said.spend ?? { modelCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
    runner: 'runner-1',
  };
  if (said.status !== 'failed') return { ...ended, status: 'succeeded', success: true, error: null };
  const { failure, failedStep = null } = said;
  const error = failedStep === null ? failure.message : `${failedStep}: ${failure.message}`;
  return { ...ended, status: 'failed', success: false, error, failure, failedStep };
}

function byPath<Step extends StepRecord>(steps: readonly Step[]): Record<string, Step> {
  return Object.fromEntries(steps.map((step) => [step.path, step]));
}
