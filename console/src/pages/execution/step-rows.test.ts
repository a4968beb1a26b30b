import { describe, expect, test } from 'vitest';
import { Execution } from '#engine/record/execution.ts';
import { executedCount } from '#engine/record/contradictions.ts';
import { completed, decided } from '#engine/record/step-record.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { Failure } from '#core/failure.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { doneStep, failedStep, runningStep } from '#console/testing/store-execution.ts';
import { stepTypes } from '#steps/index.ts';
import { stepRows, stepToShow } from './step-rows.ts';

const FAILURE: Failure = { code: 'timeout', class: 'transient', message: 'Too slow.' };
const notify = (id: string) => ({ id, type: 'notify', channels: ['slack'], subject: 'x', body: 'x' });
const definition = Playbook.parse({
  id: 'p',
  name: 'P',
  steps: [
    { id: 'first', name: 'The first', type: 'tool_call', tool: 'x' },
    { id: 'decide', type: 'condition', if: 'true', then: [notify('tell')], else: [notify('quiet')] },
    notify('last'),
  ],
});

const START = new Date('2026-11-20T13:00:00.000Z');
const place = { path: 'decide', id: 'decide', type: 'condition', order: 1 };
const deciding = decided(place, { output: { branch: 'then' }, route: { block: 'then' } }, START);
const condition = completed(deciding, START);

function executionOf(steps: readonly StepRecord[], end: object = {}): Execution {
  const at = new Date('2026-11-20T13:00:00.000Z');
  return Execution.parse({
    id: 'e',
    playbookId: 'p',
    playbookName: 'P',
    version: 'v1',
    slot: at,
    trigger: { kind: 'schedule' },
    labels: {},
    window: { start: at, end: at },
    startedAt: at,
    expireAt: at,
    stepsExecuted: executedCount(steps),
    steps: Object.fromEntries(steps.map((step) => [step.path, step])),
    status: 'running',
    deadlineAt: at,
    lease: { owner: 'r', nonce: 'n', durationMs: 1, takeovers: 0 },
    ...end,
  });
}

describe('the rows of the timeline', () => {
  test('follow the definition, the chosen block below its condition, what has not begun without a record', () => {
    const rows = stepRows(executionOf([doneStep('first'), condition]), definition, stepTypes);
    expect(rows.map(({ path, name, depth, record }) => [path, name, depth, record?.status])).toEqual([
      ['first', 'The first', 0, 'succeeded'],
      ['decide', 'decide', 0, 'succeeded'],
      ['decide.tell', 'tell', 1, undefined],
      ['last', 'last', 0, undefined],
    ]);
  });

  test('end with what is recorded and in no definition, in the order in which it began', () => {
    const steps = [doneStep('$alert', { order: 3 }), doneStep('gone.inner', { order: 2 }), doneStep('first')];
    expect(stepRows(executionOf(steps), definition, stepTypes).map(({ path }) => path)).toEqual([
      'first',
      'decide',
      'last',
      'gone.inner',
      '$alert',
    ]);
    expect(stepRows(executionOf(steps), undefined, stepTypes).map(({ path }) => path)).toEqual([
      'first',
      'gone.inner',
      '$alert',
    ]);
  });
});

describe('the step that is shown first', () => {
  const shownOf = (execution: Execution) => stepToShow(execution, stepRows(execution, definition, stepTypes))?.path;

  test('is the one that failed, also where another failed without harm before it', () => {
    const end = {
      status: 'failed',
      success: false,
      error: 'x',
      failure: FAILURE,
      failedStep: 'first',
      completedAt: new Date(0),
      duration: 1,
      results: {},
      criteria: [],
      spend: { modelCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
      runner: 'r',
    };
    const steps = [failedStep('first', FAILURE), condition, failedStep('decide.tell', FAILURE, { order: 2 })];
    expect(shownOf(executionOf(steps, end))).toBe('first');
  });

  test('is the innermost that runs, else the last that began', () => {
    const running = [deciding, runningStep('decide.tell', { order: 2 })];
    expect(shownOf(executionOf([failedStep('first', FAILURE), ...running]))).toBe('decide.tell');
    expect(shownOf(executionOf([doneStep('first'), doneStep('last', { order: 2 }), condition]))).toBe('last');
    expect(shownOf(executionOf([]))).toBeUndefined();
  });
});
