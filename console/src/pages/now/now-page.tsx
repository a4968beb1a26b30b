import { Empty, Head, Panel } from '#console/view/elements/parts.tsx';
import type { AnyStepDefinition } from '#steps/index.ts';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { found } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { BudgetBar } from '#console/view/records/budget-bar.tsx';
import type { Person } from '#console/world/console-env.ts';
import { ControlPanel } from './control-panel.tsx';
import { DayPanel } from './day-panel.tsx';
import { FirstMinute } from './first-minute.tsx';
import { headlineOf } from './headline.ts';
import { IntegrationsPanel } from './integrations-panel.tsx';
import { NeedsPanel } from './needs-panel.tsx';
import { NextPanel } from './next-panel.tsx';
import type { NowView } from './now-view.ts';
import { RunningPanel } from './running-panel.tsx';

interface NowProps {
  readonly view: NowView;
  readonly stepTypes: readonly AnyStepDefinition[];
  readonly time: ReaderTime;
  readonly person: Person;
  readonly csrfToken: string;
}

/** How things are at this moment; before anything is stored, how to get started. */
export const NowPage = ({ view, stepTypes, time, person, csrfToken }: NowProps) => {
  if (isFirstMinute(view)) return <FirstMinute />;
  const { title, sub } = headlineOf(view);
  return (
    <>
      <Head title={title}>{sub}</Head>
      <Unreadable records={view.unreadable} />
      <div class="grid wide-first now">
        <div class="stack wide">
          <NeedsPanel view={view} time={time} />
          <DayPanel view={view} time={time} />
          <IntegrationsPanel part={view.integrations} />
        </div>
        <div class="stack wide">
          <RunningPanel running={view.running} playbooks={view.playbooks} stepTypes={stepTypes} time={time} />
          <NextPanel plan={view.plan} arePaused={found(view.control)?.mode !== 'run'} time={time} />
          <SpendToday view={view} />
          <ControlPanel control={view.control} person={person} csrfToken={csrfToken} time={time} />
        </div>
      </div>
    </>
  );
};

const SpendToday = ({ view: { today, perDayUsd } }: { view: NowView }) => (
  <Panel title="Spend today" id="spend" aside={<a href="/spend">Spend →</a>}>
    <Problem part={today} />
    {today.kind === 'problem' ? null : today.value.modelCalls === 0 ? (
      <Empty>No model spend today (UTC).</Empty>
    ) : (
      <BudgetBar today={today.value} perDayUsd={perDayUsd} />
    )}
  </Panel>
);

/** Nothing was ever seeded, and nothing ever ran. */
function isFirstMinute({ playbooks, strips, running, approvals, unreadable }: NowView): boolean {
  return [playbooks, strips, running, approvals.items, unreadable].every(({ length }) => length === 0);
}
