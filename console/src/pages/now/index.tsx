import { Hono } from 'hono';
import type { ConsoleEnv, Person } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { Empty, Head, Panel } from '#console/view/elements/parts.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { ControlPanel } from './control-panel.tsx';
import { DayPanel } from './day-panel.tsx';
import { FirstMinute } from './first-minute.tsx';
import { headlineOf } from './headline.ts';
import { IntegrationsPanel } from './integrations-panel.tsx';
import type { AnyStepDefinition } from '#steps/index.ts';
import { loadNow, type NowView } from './load-now.ts';
import { NeedsPanel } from './needs-panel.tsx';
import { NextPanel } from './next-panel.tsx';
import { found } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';
import { RunningPanel } from './running-panel.tsx';
import { BudgetBar } from '#console/view/records/budget-bar.tsx';

/** `/`: how things are at this moment. Reads at most 59 documents beside that of the frame. */
export function nowPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/', async (c) => {
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    const view = await loadNow(world, time.now);
    const { person, csrfToken } = c.var;
    return show(c, world, {
      title: 'Now',
      section: 'now',
      live: 'now',
      main: <Now view={view} stepTypes={world.catalog.stepTypes} time={time} person={person} csrfToken={csrfToken} />,
    });
  });
  return app;
}

const Now = ({
  view,
  stepTypes,
  time,
  person,
  csrfToken,
}: {
  view: NowView;
  stepTypes: readonly AnyStepDefinition[];
  time: ReaderTime;
  person: Person;
  csrfToken: string;
}) => {
  if (isFirstMinute(view)) return <FirstMinute />;
  const { title, sub } = headlineOf(view);
  const isHeld = found(view.control)?.mode !== 'run';
  return (
    <>
      <Head title={title}>{sub}</Head>
      <Unreadable records={view.unreadable} />
      <div class="grid wide-first now">
        <div class="stack wide">
          <NeedsPanel view={view} time={time} />
          <DayPanel strips={view.strips} isPartial={view.isPartial} time={time} />
          <IntegrationsPanel part={view.integrations} />
        </div>
        <div class="stack wide">
          <RunningPanel running={view.running} playbooks={view.playbooks} stepTypes={stepTypes} time={time} />
          <NextPanel plan={view.plan} held={isHeld} time={time} />
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
      <Empty>No language model was asked today (UTC).</Empty>
    ) : (
      <BudgetBar today={today.value} perDayUsd={perDayUsd} />
    )}
  </Panel>
);

/** Nothing was ever seeded, and nothing ever ran. */
function isFirstMinute({ playbooks, strips, running, approvals, unreadable }: NowView): boolean {
  return [playbooks, strips, running, approvals.items, unreadable].every(({ length }) => length === 0);
}
