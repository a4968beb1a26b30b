import { expect, test } from 'vitest';
import type { StepRecord } from './step-schema.ts';
import { agentIn, callsOf, sumOfCalls } from './model-calls.ts';

const startedAt = new Date('2026-11-20T14:00:00.000Z');
const call = (costUsd: number | null) => ({
  model: 'm',
  startedAt,
  durationMs: 1,
  stopReason: 'end_turn',
  inputTokens: 100,
  outputTokens: 10,
  cacheReadTokens: 20,
  cacheWriteTokens: 3,
  costUsd,
  pricesAsOf: '2026-11-01',
  requestId: null,
});
const step = {
  path: 'report',
  id: 'report',
  type: 'delegate',
  order: 0,
  status: 'running',
  startedAt,
  attempts: [{ number: 3, status: 'running', startedAt, input: { agent: 'analyst' }, modelCalls: [call(0.25)] }],
  omitted: { count: 2, failed: 2, modelCalls: [call(null)] },
} satisfies StepRecord;

test('the calls of attempts that a record leaves out are counted, for the agent that the step names', () => {
  expect(callsOf([step]).map(({ agent }) => agent)).toEqual(['analyst', 'analyst']);
});

test('a sum has the cost that is known and how many calls have no price', () => {
  expect(sumOfCalls(callsOf([step]))).toEqual({
    modelCalls: 2,
    inputTokens: 246,
    outputTokens: 20,
    cacheReadTokens: 40,
    costUsd: 0.25,
    unpriced: 1,
  });
});

test('an agent is named by a text and nothing else', () => {
  expect([undefined, null, ['analyst'], { agent: 1 }, {}].map(agentIn)).toEqual(Array(5).fill(undefined));
});
