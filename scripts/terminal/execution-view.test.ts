import { expect, test } from 'vitest';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { aSucceededExecution } from '#testing/builders/an-execution.ts';
import { executionDetails } from './execution-view.ts';
import { recordingTerminal } from './recording-terminal.ts';

const STARTED = new Date('2026-11-20T13:00:00.000Z');
const times = { startedAt: STARTED, completedAt: STARTED, durationMs: 0 };

test('the details of an execution mark a slot off schedule, and count the attempts that the record omits', () => {
  const step = { path: 'call', id: 'call', type: 'tool_call', order: 0, status: 'succeeded', ...times } as const;
  const first = { number: 1, status: 'interrupted', ...times } as const;
  const last = { number: 20, status: 'succeeded', ...times, output: null } as const;
  const call: StepRecord = { ...step, attempts: [first, last], omitted: { count: 18, failed: 18, modelCalls: [] } };
  const marked = { ...aSucceededExecution(STARTED, { steps: { call } }), offSchedule: true };

  const text = executionDetails(marked, recordingTerminal());

  expect(text).toMatch(/slot +2026-11-20 13:00:00Z \(off schedule/);
  expect(text).toContain('20 attempts');
});

test.each([
  ["`steps.a.status == 'succeeded' ? 1 : null` has no value.", 'UNKNOWN  latency  –  has no value'],
  ["The expression has no field 'ms'.\nsteps.a.ms\n^", "UNKNOWN  latency  –  The expression has no field 'ms'"],
])('the details of an execution say briefly why a criterion is unknown: %s', (reason, line) => {
  const criteria = [{ id: 'latency', value: null, unit: 'ms', band: 'unknown', reason } as const];
  const details = executionDetails(aSucceededExecution(STARTED, { criteria }), recordingTerminal());
  expect(details).toContain(line);
  expect(details).not.toContain('steps.a');
});
