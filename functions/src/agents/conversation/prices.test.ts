import { expect, test } from 'vitest';
import { costUsd } from './prices.ts';

const models = {
  asOf: '2026-10-01',
  author: 'm',
  models: { m: { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 } },
};
const usage = { inputTokens: 1_000, outputTokens: 500, cacheReadTokens: 10_000, cacheWriteTokens: 2_000 };

test('a call costs its tokens at the prices of the list', () => {
  expect(costUsd('m', usage, models)).toBeCloseTo(0.002 + 0.005 + 0.001 + 0.005, 12);
});

test('a dated release costs what its model costs', () => {
  expect(costUsd('m-20261101', usage, models)).toBe(costUsd('m', usage, models));
});

test('the cost of an unknown model is not known, which is not 0', () => {
  expect(costUsd('other', usage, models)).toBeNull();
  expect(costUsd('toString', usage, models)).toBeNull();
});
