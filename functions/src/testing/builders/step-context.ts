import type { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import { fakeClock } from './fake-clock.ts';

/** The context of one attempt for tests of steps and channels, and what was recorded in it. */
export interface RecordedContext extends StepContext {
  readonly modelCalls: readonly ModelCall[];
  readonly toolCalls: readonly ToolCall[];
}

/** An attempt of the step `report` of one execution, with `changes`. */
export function stepContext(changes: Partial<StepContext> = {}): RecordedContext {
  const modelCalls: ModelCall[] = [];
  const toolCalls: ToolCall[] = [];
  const executionId = changes.executionId ?? 'ops_daily_health_check_20261120T1400Z';
  const stepPath = changes.stepPath ?? 'report';
  return {
    executionId,
    playbookId: 'ops_daily_health_check',
    playbookName: 'Daily System Health Check',
    stepPath,
    attempt: 1,
    lastAttempt: false,
    idempotencyKey: `${executionId}/${stepPath}`,
    signal: new AbortController().signal,
    clock: fakeClock(),
    expireAt: new Date('2027-02-18T14:00:00.000Z'),
    recordModelCall: async (call) => void modelCalls.push(call),
    recordToolCall: (call) => void toolCalls.push(call),
    ...changes,
    modelCalls,
    toolCalls,
  };
}
