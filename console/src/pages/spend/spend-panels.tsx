import { Panel } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { GROUPS, type Group } from '#console/view/records/spend-sum.ts';
import { DayTable, ShareTable } from './share-table.tsx';
import { SpendChart } from './spend-chart.tsx';
import type { SpendView } from './spend-view.ts';
import { spendHref } from './spend-wish.ts';

const TITLES: Readonly<Record<Group, string>> = {
  playbooks: 'By playbook',
  agents: 'By agent',
  models: 'By model',
};

/** The spend of each day as a chart, then by playbook, agent and model. */
export const SpendPanels = ({ view }: { view: SpendView }) => {
  const { days, wish } = view;
  return (
    <>
      <Panel title="Daily spend" id="days">
        <Tabs
          label="Stacked by"
          tabs={GROUPS.map((group) => ({
            name: TITLES[group],
            href: spendHref({ ...wish, by: group }),
            current: group === wish.by,
          }))}
        />
        <SpendChart view={view} />
        <details>
          <summary>Show as a table</summary>
          <DayTable days={days} />
        </details>
      </Panel>
      {GROUPS.map((group) => (
        <Panel title={TITLES[group]} id={group}>
          <ShareTable view={view} group={group} />
        </Panel>
      ))}
    </>
  );
};
