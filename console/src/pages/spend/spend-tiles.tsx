import type { SpendDay } from '#records/figures/spend.ts';
import { count, percent, plural, usd } from '#console/view/elements/figures.tsx';
import { BudgetBar, Unpriced } from '#console/view/records/budget-bar.tsx';
import { sumFigures, totalOf } from '#console/view/records/spend-sum.ts';
import type { SpendView } from './spend-view.ts';

/** The spend in four figures: today, the whole range, a day on average, and the calls behind it. */
export const SpendTiles = ({ view }: { view: SpendView }) => {
  const total = totalOf(view.days);
  return (
    <>
      <div class="tiles">
        <div class="tile">
          <h2 class="label">Today</h2>
          <BudgetBar today={todayOf(view)} perDayUsd={view.perDayUsd} />
        </div>
        {tilesOf(view).map(({ name, value, note }) => (
          <div class="tile">
            <h2 class="label">{name}</h2>
            <p class="value">{value}</p>
            <p class="small muted">{note}</p>
          </div>
        ))}
      </div>
      <Unpriced figures={total} />
    </>
  );
};

function tilesOf(view: SpendView) {
  const { days, before, wish, perDayUsd } = view;
  const total = totalOf(days);
  const perDay = total.costUsd / days.length;
  return [
    {
      name: `${wish.days} days`,
      value: usd(total.costUsd),
      note: before === undefined ? `today ${usd(todayOf(view).costUsd)}` : comparison(total.costUsd, before, wish.days),
    },
    {
      name: 'Daily average',
      value: usd(perDay),
      note: perDayUsd === undefined ? 'no budget set' : `${percent(perDay / perDayUsd)} of the budget`,
    },
    {
      name: 'Model calls',
      value: count(total.modelCalls),
      note: `${count(total.inputTokens)} tokens in, ${count(total.outputTokens)} out`,
    },
  ];
}

function todayOf({ days }: SpendView) {
  return days.at(-1)?.total ?? sumFigures([]);
}

function comparison(costUsd: number, before: readonly SpendDay[], days: number): string {
  const earlier = totalOf(before);
  if (earlier.modelCalls === 0) return `no calls in the previous ${days} days`;
  if (earlier.costUsd === 0) return `${plural(earlier.modelCalls, 'call')} in the previous ${days} days`;
  const change = (costUsd - earlier.costUsd) / earlier.costUsd;
  const word = change >= 0 ? 'more' : 'less';
  return `${percent(Math.abs(change))} ${word} than the previous ${days} days (${usd(earlier.costUsd)})`;
}
