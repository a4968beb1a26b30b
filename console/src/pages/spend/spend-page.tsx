import type { SpendDay } from '#records/figures/spend.ts';
import { count, percent, plural, usd } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Head, Panel } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { BudgetBar, Unpriced } from '#console/view/records/budget-bar.tsx';
import { DayTable, ShareTable } from './share-table.tsx';
import { SpendChart } from './spend-chart.tsx';
import { GROUPS, sharesOf, sumFigures, totalOf, type Group } from '#console/view/records/spend-sum.ts';
import { spendHref, type SpendWish } from './spend-wish.ts';

const NAMES: Readonly<Record<Group, { readonly one: string; readonly many: string }>> = {
  playbooks: { one: 'Playbook', many: 'By playbook' },
  agents: { one: 'Agent', many: 'By agent' },
  models: { one: 'Model', many: 'By model' },
};

/** What the language models took over some days, in figures, as columns, and told apart in every way. */
export const SpendPage = ({
  days,
  before,
  wish,
  perDayUsd,
  simulated,
}: {
  /** The last one is today, UTC. */
  days: readonly SpendDay[];
  /** As many days before them, where they were read. */
  before: readonly SpendDay[] | undefined;
  wish: SpendWish;
  perDayUsd: number | undefined;
  /** Some of it belongs to the simulated past of the demo company. */
  simulated: boolean;
}) => {
  const total = totalOf(days);
  return (
    <>
      <Head
        title={total.modelCalls === 0 ? 'Nothing was spent' : `${usd(total.costUsd)} in ${wish.days} days`}
        actions={
          total.modelCalls === 0 ? undefined : (
            <a class="button" href={hrefOf('/spend.csv', { days: String(wish.days) })} download>
              Download as CSV
            </a>
          )
        }
      >
        What the language models took. Days are those of UTC.
      </Head>
      {simulated ? (
        <p class="hint">
          These figures include the <a href="/executions?label=simulated%3Dhistory">simulated history</a> of the demo
          company: a stand-in for Claude answered there, and nothing of it was billed.
        </p>
      ) : null}
      <Tabs
        label="How far back"
        tabs={[7, 30].map((length) => ({
          name: `${length} days`,
          href: spendHref({ ...wish, days: length }),
          current: length === wish.days,
        }))}
      />
      {total.modelCalls === 0 ? <Nothing days={wish.days} /> : <Figures {...{ days, before, wish, perDayUsd }} />}
    </>
  );
};

const Nothing = ({ days }: { days: number }) => (
  <Empty>
    No model was called in the last {days} days. Without ANTHROPIC_API_KEY no model is asked: reports are then tables
    that cost nothing. Set the key with npm run secrets, and steps of type synthesize and delegate will ask Claude.
  </Empty>
);

const Figures = ({ days, before, wish, perDayUsd }: Omit<Parameters<typeof SpendPage>[0], 'simulated'>) => {
  const total = totalOf(days);
  const today = days.at(-1)?.total ?? sumFigures([]);
  const perDay = total.costUsd / days.length;
  return (
    <>
      <div class="tiles">
        <div class="tile">
          <h2 class="label">Today</h2>
          <BudgetBar today={today} perDayUsd={perDayUsd} />
        </div>
        <Tile name={`${wish.days} days`} value={usd(total.costUsd)}>
          {before === undefined ? `of which today ${usd(today.costUsd)}` : comparison(total.costUsd, before, wish.days)}
        </Tile>
        <Tile name="Average of a day" value={usd(perDay)}>
          {perDayUsd === undefined ? 'no budget is set' : `${percent(perDay / perDayUsd)} of the budget`}
        </Tile>
        <Tile name="Model calls" value={count(total.modelCalls)}>
          {`${count(total.inputTokens)} tokens in, ${count(total.outputTokens)} out`}
        </Tile>
      </div>
      <Unpriced figures={total} />
      <Panel title="Day by day" id="days">
        <Tabs
          label="Stacked by"
          tabs={GROUPS.map((group) => ({
            name: NAMES[group].many,
            href: spendHref({ ...wish, by: group }),
            current: group === wish.by,
          }))}
        />
        <SpendChart days={days} by={wish.by} perDayUsd={perDayUsd} />
        <details>
          <summary>The figures of each day</summary>
          <DayTable days={days} />
        </details>
      </Panel>
      {GROUPS.map((group) => (
        <Panel title={NAMES[group].many} id={group}>
          <ShareTable kind={NAMES[group].one} group={group} shares={sharesOf(days, group)} />
        </Panel>
      ))}
    </>
  );
};

const Tile = ({ name, value, children }: { name: string; value: string; children: string }) => (
  <div class="tile">
    <h2 class="label">{name}</h2>
    <p class="value">{value}</p>
    <p class="small muted">{children}</p>
  </div>
);

function comparison(costUsd: number, before: readonly SpendDay[], days: number): string {
  const earlier = totalOf(before);
  if (earlier.modelCalls === 0) return `nothing in the ${days} days before`;
  if (earlier.costUsd === 0) return `${plural(earlier.modelCalls, 'call')} in the ${days} days before`;
  const change = (costUsd - earlier.costUsd) / earlier.costUsd;
  const word = change >= 0 ? 'more' : 'less';
  return `${percent(Math.abs(change))} ${word} than the ${usd(earlier.costUsd)} before`;
}
