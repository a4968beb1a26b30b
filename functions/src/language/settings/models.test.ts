import { expect, test } from 'vitest';
import { Models } from './models.ts';

const prices = { asOf: '2026-11-01', author: 'small', models: {} };

test('a budget for the day may be named, or left out', () => {
  expect(Models.parse({ ...prices, budget: { perDayUsd: 2.5 } }).budget).toEqual({ perDayUsd: 2.5 });
  expect(Models.parse(prices)).not.toHaveProperty('budget');
});

test.each([{ perDayUsd: 0 }, { perDayUsd: -1 }, { perDayUsd: '5' }, { perDayUsd: Infinity }, {}, { perDay: 5 }, 5])(
  'a budget that is none is refused: %j',
  (budget) => {
    expect(Models.safeParse({ ...prices, budget }).success).toBe(false);
  },
);
