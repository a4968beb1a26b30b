import { describe, expect, test } from 'vitest';
import { aFailedExecution, aSkippedExecution, aSucceededExecution } from '#testing/builders/an-execution.ts';
import { executionLogEntry } from './execution-log.ts';

const AT = new Date('2026-11-20T14:00:00Z');
const spend = { modelCalls: 2, inputTokens: 20, outputTokens: 10, costUsd: 0.5 };
const TOLD = {
  executionId: 'ops_test_20261120T140000Z',
  playbookId: 'ops_test',
  version: 'v1',
  trigger: 'schedule',
  slot: AT,
  stepsExecuted: 0,
};

describe('the log of an execution', () => {
  test('that succeeded is one INFO with what it took, what it cost, and what was not ok', () => {
    const criteria = [
      { id: 'latency', value: 9, band: 'ok' as const },
      { id: 'offline', value: 1, band: 'alert' as const },
    ];

    expect(executionLogEntry(aSucceededExecution(AT, { spend, criteria }))).toEqual({
      severity: 'INFO',
      message: 'The playbook ops_test succeeded',
      fields: {
        ...TOLD,
        status: 'succeeded',
        durationMs: 1_000,
        modelCalls: 2,
        costUsd: 0.5,
        criteriaNotOk: ['offline: alert'],
      },
    });
  });

  test('that failed is one ERROR with the reason, and the stack where there is one', () => {
    const cause = new Error('boom');

    expect(executionLogEntry(aFailedExecution(AT, { spend }), cause)).toEqual({
      severity: 'ERROR',
      message: 'The playbook ops_test failed: call: Mailjet did not answer.',
      fields: {
        ...TOLD,
        status: 'failed',
        durationMs: 1_000,
        modelCalls: 2,
        costUsd: 0.5,
        criteriaNotOk: [],
        failureCode: 'unavailable',
        failureClass: 'transient',
        failedStep: 'call',
        cause,
      },
    });
    expect(executionLogEntry(aFailedExecution(AT)).fields).not.toHaveProperty('cause');
  });

  test('that was skipped is one INFO with the reason', () => {
    expect(executionLogEntry(aSkippedExecution(AT))).toEqual({
      severity: 'INFO',
      message: 'The playbook ops_test was skipped: It is paused.',
      fields: { ...TOLD, status: 'skipped', durationMs: 0, reason: 'paused' },
    });
  });
});
