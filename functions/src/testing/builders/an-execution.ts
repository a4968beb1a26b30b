import { DAY_MS } from '#core/duration.ts';
import type {
  FailedExecution,
  FinishedExecution,
  RunningExecution,
  SkippedExecution,
} from '#engine/record/execution.ts';
import { type Occasion, occasionOf } from '#engine/record/occasion.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import { executedCount } from '#engine/record/contradictions.ts';
import { executionStore } from '#records/executions/executions.ts';
import type { Documents } from '#ports/documents/documents.ts';

type SucceededExecution = Extract<FinishedExecution, { status: 'succeeded' }>;

/** A test's changes to an execution; slot and trigger are given together. */
type Changes<Whole> = Partial<Omit<Whole, keyof Occasion>> &
  (Occasion | { readonly slot?: never; readonly trigger?: never });

/** The default header of a test's executions. */
function header(startedAt: Date) {
  return {
    id: `ops_test_${startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`,
    playbookId: 'ops_test',
    playbookName: 'Nightly test',
    version: 'v1',
    slot: startedAt,
    trigger: { kind: 'schedule' as const },
    labels: {},
    agents: [],
    inputs: {},
    window: { start: new Date(startedAt.getTime() - DAY_MS), end: startedAt },
    startedAt,
    expireAt: new Date(startedAt.getTime() + 400 * DAY_MS),
    stepsExecuted: 0 as const,
    steps: {},
  };
}

/** A running execution. */
export function aRunningExecution(startedAt: Date, changes: Changes<RunningExecution> = {}): RunningExecution {
  return {
    ...header(startedAt),
    status: 'running',
    stepsExecuted: executedCount(Object.values(changes.steps ?? {})),
    deadlineAt: new Date(startedAt.getTime() + DAY_MS),
    lease: { owner: 'runner-1', nonce: 'runner-1:0', durationMs: 60_000, takeovers: 0, interruptions: 0 },
    ...changes,
  };
}

/** An execution that succeeded after a second. */
export function aSucceededExecution(startedAt: Date, changes: Changes<SucceededExecution> = {}): FinishedExecution {
  const stepsExecuted = executedCount(Object.values(changes.steps ?? {}));
  return {
    ...header(startedAt),
    ...ended(startedAt),
    stepsExecuted,
    status: 'succeeded',
    success: true,
    error: null,
    ...changes,
  };
}

/** An execution whose step `call` failed after a second. */
export function aFailedExecution(startedAt: Date, changes: Changes<FailedExecution> = {}): FinishedExecution {
  return {
    ...header(startedAt),
    ...ended(startedAt),
    stepsExecuted: executedCount(Object.values(changes.steps ?? {})),
    status: 'failed',
    success: false,
    error: 'call: Mailjet did not answer.',
    failure: { code: 'unavailable', class: 'transient', message: 'Mailjet did not answer.' },
    failedStep: 'call',
    ...changes,
  };
}

/** An execution of a skipped slot. */
export function aSkippedExecution(startedAt: Date): SkippedExecution {
  return {
    ...header(startedAt),
    status: 'skipped',
    success: true,
    error: null,
    completedAt: startedAt,
    duration: 0,
    results: {},
    reason: 'paused',
    explanation: 'It is paused.',
  };
}

/** A model call that cost $0.25. */
export function aModelCall(changes: Partial<ModelCall> = {}): ModelCall {
  return {
    model: 'small',
    startedAt: new Date(0),
    durationMs: 1,
    stopReason: 'end_turn',
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0.25,
    pricesAsOf: '2026-11-01',
    requestId: null,
    ...changes,
  };
}

/** Stores an execution as the engine does: its beginning, then its end. */
export async function storeExecution(
  documents: Documents,
  execution: RunningExecution | FinishedExecution | SkippedExecution,
): Promise<void> {
  const store = executionStore(documents);
  if (execution.status === 'running' || execution.status === 'skipped') return void (await store.create(execution));
  const { id, playbookId, playbookName, labels, agents, startedAt, steps, stepsExecuted } = execution;
  const named = { id, playbookId, playbookName, labels, agents };
  const begun = aRunningExecution(startedAt, { ...named, ...occasionOf(execution) });
  const created = await store.create(begun);
  if (created.kind !== 'written') throw new Error(`${id} already exists.`);
  const next = { kind: 'ended' as const, finished: execution };
  const changes = { steps: new Map(Object.entries(steps)), stepsExecuted, next, expireAt: execution.expireAt };
  await store.write(id, changes, created.fence);
}

function ended(startedAt: Date) {
  return {
    completedAt: new Date(startedAt.getTime() + 1_000),
    duration: 1_000,
    results: {},
    criteria: [],
    spend: { modelCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
    runner: 'runner-1',
  };
}
