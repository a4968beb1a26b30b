import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { found } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';
import { Approval, Dead, Failing, Incident, Offline } from './need-items.tsx';
import type { NowView } from './now-view.ts';

const MAX_FAILING = 6;

/** Everything that needs attention: what expires soonest first, then what is broken. */
export const NeedsPanel = ({ view, time }: { view: NowView; time: ReaderTime }) => {
  const offline = (found(view.integrations) ?? []).filter(({ status }) => status === 'offline');
  const items = [
    ...view.approvals.items.map((thread) => <Approval thread={thread} time={time} />),
    ...view.incidents.items.map((thread) => <Incident thread={thread} time={time} />),
    ...(found(view.dead)?.executions ?? []).map((execution) => <Dead execution={execution} time={time} />),
    ...offline.map((integration) => <Offline integration={integration} time={time} />),
    ...view.failing.slice(0, MAX_FAILING).map((playbook) => <Failing playbook={playbook} time={time} />),
  ];
  return (
    <Panel title="Needs attention" id="needs" aside={<More view={view} />}>
      <Problem part={view.dead} />
      {items.length === 0 ? <Nothing view={view} /> : <ul class="cards">{items}</ul>}
    </Panel>
  );
};

const Nothing = ({ view: { dead } }: { view: NowView }) => (
  <Empty>
    You’re all caught up: no approvals waiting, no open incidents,{' '}
    {dead.kind === 'found' ? 'no stuck executions, ' : ''}
    no failures, no integrations offline.
  </Empty>
);

/** Leads to what is not shown. */
const More = ({ view: { awaiting, approvals, incidents, dead, failing } }: { view: NowView }) => {
  const hidden = awaiting - approvals.items.length;
  const alsoFailed = failing.length - MAX_FAILING;
  return (
    <>
      {hidden > 0 ? <a href="/inbox">{`${plural(hidden, 'more approval')} →`}</a> : null}{' '}
      {incidents.next === undefined ? null : <a href="/inbox?state=open&kind=incident">All open incidents →</a>}{' '}
      {found(dead)?.more === true ? <a href="/executions?status=running">All unfinished executions →</a> : null}{' '}
      {alsoFailed > 0 ? (
        <a href="/executions?status=failed">{`${plural(alsoFailed, 'more failed playbook')} →`}</a>
      ) : null}
    </>
  );
};
