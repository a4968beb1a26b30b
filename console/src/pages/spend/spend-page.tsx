import { usd } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Head } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { totalOf } from '#console/view/records/spend-sum.ts';
import { SpendPanels } from './spend-panels.tsx';
import { SpendTiles } from './spend-tiles.tsx';
import type { SpendView } from './spend-view.ts';
import { spendHref } from './spend-wish.ts';

/** What language models cost over some days: in figures, as columns, and by playbook, agent and model. */
export const SpendPage = ({ view }: { view: SpendView }) => {
  const { days, wish, isSimulated } = view;
  const { modelCalls, costUsd } = totalOf(days);
  const title = modelCalls === 0 ? 'No model spend' : `${usd(costUsd)} in ${wish.days} days`;
  return (
    <>
      <Head title={title} actions={modelCalls === 0 ? undefined : <Download days={wish.days} />}>
        Model spend, days in UTC
      </Head>
      {isSimulated ? <Simulated /> : null}
      <Tabs
        label="Time range"
        tabs={[7, 30].map((length) => ({
          name: `${length} days`,
          href: spendHref({ ...wish, days: length }),
          current: length === wish.days,
        }))}
      />
      {modelCalls === 0 ? (
        <Nothing days={wish.days} />
      ) : (
        <>
          <SpendTiles view={view} />
          <SpendPanels view={view} />
        </>
      )}
    </>
  );
};

const Download = ({ days }: { days: number }) => (
  <a class="button" href={hrefOf('/spend.csv', { days: String(days) })} download>
    Download CSV
  </a>
);

const Simulated = () => (
  <p class="hint">
    These figures include the <a href="/executions?label=simulated%3Dhistory">simulated history</a> of the demo company:
    a stand-in answered for Claude, and nothing was billed.
  </p>
);

const Nothing = ({ days }: { days: number }) => (
  <Empty>
    No model calls in the last {days} days. Without ANTHROPIC_API_KEY, reports are plain tables that cost nothing. Set
    the key with npm run secrets, and synthesize and delegate steps call Claude.
  </Empty>
);
