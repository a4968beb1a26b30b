import type { Child } from 'hono/jsx';
import { stepUnderWay } from '#engine/record/step-under-way.ts';
import type { SeenRunning } from '#records/executions/seen-execution.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { Badge, type Tone } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import type { KnownIntegration } from '#console/view/records/known-integrations.ts';
import type { FailingPlaybook } from './failing.ts';
import type { NowView } from './load-now.ts';
import { found } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';

const MAX_FAILING = 6;

/** Everything that waits for a person: what ends soonest first, then what is broken. */
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
    <Panel title="Needs a person" id="needs" aside={<More view={view} />}>
      <Problem part={view.dead} />
      {items.length === 0 ? (
        <Empty>
          Nothing: no approval waits, no incident is open, {view.dead.kind === 'found' ? 'no execution hangs, ' : ''}
          nothing failed, and no integration is offline.
        </Empty>
      ) : (
        <ul class="cards">{items}</ul>
      )}
    </Panel>
  );
};

/** Leads to what is not shown. */
const More = ({ view: { awaiting, approvals, incidents, dead, failing } }: { view: NowView }) => {
  const hidden = awaiting - approvals.items.length;
  const alsoFailed = failing.length - MAX_FAILING;
  return (
    <>
      {hidden > 0 ? <a href="/inbox">{`${plural(hidden, 'more approval')} →`}</a> : null}{' '}
      {incidents.next === undefined ? null : <a href="/inbox?state=open&kind=incident">All incidents →</a>}{' '}
      {found(dead)?.more === true ? <a href="/executions?status=running">All that have not ended →</a> : null}{' '}
      {alsoFailed > 0 ? (
        <a href="/executions?status=failed">{`${plural(alsoFailed, 'playbook')} more that failed →`}</a>
      ) : null}
    </>
  );
};

const Item = ({
  id,
  href,
  badge,
  title,
  children,
}: {
  id: string;
  href: string;
  badge: { readonly tone: Tone; readonly sign: string; readonly word: string };
  title: Child;
  children: Child;
}) => (
  <li id={`needs-${shownText(id, 200)}`}>
    <a href={href} class="need">
      <Badge tone={badge.tone} sign={badge.sign}>
        {badge.word}
      </Badge>
      <span class="title">{title}</span>
      <span class="small muted">{children}</span>
    </a>
  </li>
);

interface ThreadProps {
  readonly thread: ListedThread;
  readonly time: ReaderTime;
}

const Approval = ({ thread, time }: ThreadProps) => (
  <Item
    id={thread.id}
    href={threadHref(thread)}
    badge={{ tone: 'warn', sign: '?', word: 'approve' }}
    title={<Text value={thread.title} max={120} />}
  >
    {thread.deadlineAt === null ? null : (
      <>
        denied by default <Time at={thread.deadlineAt} {...time} />
        {' · '}
      </>
    )}
    for <Text value={thread.assignee} max={40} />
  </Item>
);

const Incident = ({ thread, time }: ThreadProps) => (
  <Item
    id={thread.id}
    href={threadHref(thread)}
    badge={{ tone: 'alert', sign: '!', word: 'incident' }}
    title={<Text value={thread.title} max={120} />}
  >
    opened <Time at={thread.createdAt} {...time} />
    {' · '}for <Text value={thread.assignee} max={40} />
  </Item>
);

const Dead = ({ execution, time }: { execution: SeenRunning; time: ReaderTime }) => {
  const { id, playbookName, deadlineAt, silentSince } = execution;
  const step = stepUnderWay(Object.values(execution.steps));
  return (
    <Item
      id={`dead-${id}`}
      href={executionHref(id)}
      badge={{ tone: 'alert', sign: '!', word: 'silent' }}
      title={<Text value={playbookName} max={80} />}
    >
      past its deadline, which was <Time at={deadlineAt} {...time} />; its runner is silent
      {silentSince === null ? null : (
        <>
          {' '}
          since <Time at={silentSince} {...time} absolute />
        </>
      )}
      {step === undefined ? null : (
        <>
          , in the step <Text value={step} max={80} />
        </>
      )}
    </Item>
  );
};

const Offline = ({ integration, time }: { integration: KnownIntegration; time: ReaderTime }) => {
  const { id, name, health } = integration;
  return (
    <Item
      id={`integration-${id}`}
      href={`/health#integration-${id}`}
      badge={{ tone: 'alert', sign: '✕', word: 'offline' }}
      title={<Text value={name} max={80} />}
    >
      {health === undefined || health.consecutiveFailures === 0
        ? 'it does not answer'
        : `${plural(health.consecutiveFailures, 'check')} failed in a row`}
      {health?.lastSuccessAt === null || health === undefined ? null : (
        <>
          , the last success was <Time at={health.lastSuccessAt} {...time} />
        </>
      )}
    </Item>
  );
};

const Failing = ({ playbook, time }: { playbook: FailingPlaybook; time: ReaderTime }) => {
  const { playbookId, name, count, latest } = playbook;
  const all = hrefOf('/executions', { playbook: playbookId, status: 'failed' });
  return (
    <Item
      id={`failed-${playbookId}`}
      href={count === 1 && latest !== undefined ? executionHref(latest.id) : all}
      badge={{ tone: 'alert', sign: '✕', word: 'failed' }}
      title={<Text value={name} max={80} />}
    >
      {count === 1 ? 'once in 24 h' : `${count} times in 24 h`}
      {latest === undefined ? null : (
        <>
          , {count === 1 ? null : 'the last time '}
          <Time at={latest.startedAt} {...time} />: <Text value={latest.error} max={160} />
        </>
      )}
    </Item>
  );
};

function threadHref({ id }: ListedThread): string {
  return `/inbox/${encodeURIComponent(id)}`;
}
