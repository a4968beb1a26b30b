import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { CriterionResult } from '#engine/record/execution.ts';
import type { SucceededStep } from '#engine/record/step-schema.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aFailedExecution, aModelCall, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { loadStatistics } from './load-statistics.ts';

import { loadSpend } from './spend.ts';

const NOON = new Date('2026-11-20T12:00:00.000Z');
const MIDNIGHT = new Date('2026-11-21T00:00:00.000Z');

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

/** A step with a model call for each of these prices. */
function asked(...prices: readonly (number | null)[]): Readonly<Record<string, SucceededStep>> {
  const times = { startedAt: NOON, completedAt: NOON, durationMs: 0 };
  const modelCalls = prices.map((costUsd) => aModelCall({ costUsd }));
  const attempt = {
    ...times,
    number: 1,
    status: 'succeeded' as const,
    input: { agent: 'linus' },
    output: null,
    modelCalls,
  };
  return { a: { ...times, path: 'a', id: 'a', type: 'delegate', order: 0, status: 'succeeded', attempts: [attempt] } };
}

const zeros = { modelCalls: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0, unpriced: 0 };
const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'];

describe('the price of a call', () => {
  test.each([
    [[0], 0, 0],
    [[null], 0, 1],
    [[0.25], 0.25, 0],
    [[0, null, 0.25, null], 0.25, 2],
  ])('%j is known if it is a number, even 0', async (prices, costUsd, unpriced) => {
    await storeExecution(documents, aSucceededExecution(NOON, { steps: asked(...prices) }));

    const count = prices.length;
    const sum = { ...zeros, modelCalls: count, inputTokens: 10 * count, outputTokens: 5 * count, costUsd, unpriced };
    expect(await loadSpend(documents, ['2026-11-20'])).toEqual([
      { day: '2026-11-20', total: sum, playbooks: { ops_test: sum }, agents: { linus: sum }, models: { small: sum } },
    ]);
  });
});

describe('the day of an execution', () => {
  test.each([
    ['ends just before midnight', -2, -1, '2026-11-20'],
    ['ends at midnight', -1, 0, '2026-11-20'],
    ['runs over midnight', -1, DAY_MS / 2, '2026-11-20'],
    ['begins at midnight', 0, 1, '2026-11-21'],
    ['runs over a whole day', -1, DAY_MS + 1, '2026-11-20'],
  ])('that %s is the one in which it began, for its spend and its figures', async (_, fromMs, toMs, day) => {
    const startedAt = new Date(MIDNIGHT.getTime() + fromMs);
    const completedAt = new Date(MIDNIGHT.getTime() + toMs);
    const duration = toMs - fromMs;
    const steps = asked(0.5);
    await storeExecution(documents, aSucceededExecution(startedAt, { id: 's', steps, completedAt, duration }));
    await storeExecution(documents, aFailedExecution(startedAt, { id: 'f', steps, completedAt, duration }));

    const spent = (await loadSpend(documents, DAYS)).map(({ total }) => total.costUsd);
    expect(spent).toEqual(DAYS.map((one) => (one === day ? 1 : 0)));
    const { days, hours } = await loadStatistics(documents, 'ops_test');
    expect(Object.keys(days)).toEqual([day]);
    expect(days[day]).toMatchObject({ succeeded: 1, failed: 1, durationMs: 2 * duration });
    expect(hours).toEqual({
      [startedAt.toISOString().slice(0, 13)]: { succeeded: 1, failed: 1, cancelled: 0, skipped: 0 },
    });
  });
});

const VALUES: readonly (readonly [CriterionResult['value'], number | boolean | undefined])[] = [
  [1.5, 1.5],
  [0, 0],
  [-3, -3],
  [true, true],
  [false, false],
  ['text', undefined],
  ['', undefined],
  [null, undefined],
  [[1], undefined],
  [{ a: 1 }, undefined],
];

describe('the last value of a criterion', () => {
  test.each(VALUES)('%j is kept as %j, and nothing of the one before', async (value, last) => {
    const measured = (one: CriterionResult['value']) => ({
      criteria: [{ id: 'c', value: one, band: 'warn' as const }],
    });
    await storeExecution(documents, aSucceededExecution(NOON, { id: 'e1', ...measured(7) }));
    await storeExecution(documents, aSucceededExecution(NOON, { id: 'e2', ...measured(value) }));

    const { days } = await loadStatistics(documents, 'ops_test');
    const at = new Date(NOON.getTime() + 1_000);
    const expected = { ok: 0, warn: 2, alert: 0, unknown: 0, at };
    expect(days['2026-11-20']?.criteria['c']).toEqual(last === undefined ? expected : { ...expected, last });
  });
});
