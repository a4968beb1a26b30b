import { describe, expect, test } from 'vitest';
import { aModelCall } from '#testing/builders/an-execution.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { type BudgetLimits, openBudget } from './budget.ts';

const plenty: BudgetLimits = { turns: 100, outputTokens: 1_000_000, costUsd: 1_000, timeMs: 3_600_000 };
const USD_PER_TOKEN = 0.01;

function budgetOf(limits: Partial<BudgetLimits>, usdPerToken: number | null = USD_PER_TOKEN) {
  const clock = fakeClock();
  const controller = new AbortController();
  return { clock, controller, budget: openBudget({ ...plenty, ...limits }, usdPerToken, clock, controller.signal) };
}

const exceeded = expect.objectContaining({ code: 'budget_exceeded' });

describe('one call may take', () => {
  test.each([
    [3_600_000, 0, 120_000],
    [120_001, 0, 120_000],
    [120_000, 0, 120_000],
    [119_999, 0, 119_999],
    [300_000, 179_999, 120_000],
    [300_000, 180_000, 120_000],
    [300_000, 180_001, 119_999],
    [300_000, 299_999, 1],
  ])('of %i ms, of which %i have passed, %i ms', (timeMs, passedMs, timeoutMs) => {
    const { clock, budget } = budgetOf({ timeMs });

    clock.advance(passedMs);

    expect(budget.allow().timeoutMs).toBe(timeoutMs);
  });

  test.each([
    [7_000, 7_000],
    [7_000, 7_001],
  ])('none of %i ms, of which %i have passed', (timeMs, passedMs) => {
    const { clock, budget } = budgetOf({ timeMs });

    clock.advance(passedMs);

    expect(() => budget.allow()).toThrow(exceeded);
  });

  test.each([
    [15_999, 15_999],
    [16_000, 16_000],
    [16_001, 16_000],
    [101, 101],
    [100, 100],
  ])('of %i tokens %i', (outputTokens, maxTokens) => {
    expect(budgetOf({ outputTokens }).budget.allow().maxTokens).toBe(maxTokens);
  });

  test.each([
    [159.99, 15_999],
    [160, 16_000],
    [160.01, 16_000],
    [1.01, 101],
    [1, 100],
  ])('for %d USD at a cent for each, %i tokens', (costUsd, maxTokens) => {
    expect(budgetOf({ costUsd }).budget.allow().maxTokens).toBe(maxTokens);
  });

  test('as many tokens as there are where their price is not known', () => {
    expect(budgetOf({ costUsd: 0.01 }, null).budget.allow().maxTokens).toBe(16_000);
  });
});

describe('no call is made', () => {
  test.each<[string, Partial<BudgetLimits>]>([
    ['with fewer than a hundred tokens', { outputTokens: 99 }],
    ['for less than a hundred tokens cost', { costUsd: 0.99 }],
    ['without money', { costUsd: 0 }],
    ['without turns', { turns: 0 }],
  ])('%s', (_, limits) => {
    expect(() => budgetOf(limits).budget.allow()).toThrow(exceeded);
  });

  test('after as many turns as there are, and one before that is made', () => {
    const { budget } = budgetOf({ turns: 2 });
    budget.spend(aModelCall());
    expect(budget.allow().maxTokens).toBe(16_000);

    budget.spend(aModelCall());
    expect(() => budget.allow()).toThrow(exceeded);
  });

  test('when what was spent leaves too little of one of them, and what is left bounds the one before', () => {
    const { budget } = budgetOf({ outputTokens: 1_000, costUsd: 1_000 });
    budget.spend(aModelCall({ outputTokens: 900, costUsd: 1 }));
    expect(budget.allow().maxTokens).toBe(100);

    budget.spend(aModelCall({ outputTokens: 1, costUsd: 1 }));
    expect(() => budget.allow()).toThrow(exceeded);
  });
});

describe('the signal of a budget', () => {
  test('aborts when its time is up, and not before', () => {
    const { clock, budget } = budgetOf({ timeMs: 7_000 });

    clock.advance(6_999);
    expect(budget.signal.aborted).toBe(false);
    clock.advance(1);

    expect(budget.signal.reason).toEqual(exceeded);
  });

  test('does not abort after it was closed', () => {
    const { clock, budget } = budgetOf({ timeMs: 7_000 });

    budget.close();
    clock.advance(60_000);

    expect(budget.signal.aborted).toBe(false);
  });

  test('aborts with the reason of the one it was given', () => {
    const { controller, budget } = budgetOf({});

    controller.abort('the deadline');

    expect(budget.signal.reason).toBe('the deadline');
  });
});
