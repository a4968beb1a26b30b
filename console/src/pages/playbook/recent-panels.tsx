import { effectiveState } from '#records/threads/thread.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { SeenBadge } from '#console/view/elements/status.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { KindBadge, ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { outcomeCells, SilenceNote } from '#console/view/records/execution-table.tsx';
import type { PlaybookView } from './playbook-view.ts';

type Summary = PlaybookView['executions']['executions'][number];

/** The latest executions of a playbook. */
export const LatestExecutions = ({ id, executions: { executions, unreadable }, time }: PlaybookView) => (
  <Panel
    title="Latest executions"
    id="executions"
    aside={<a href={hrefOf('/executions', { playbook: id })}>All executions</a>}
  >
    <Unreadable records={unreadable} />
    {executions.length === 0 ? (
      <Empty>No executions yet.</Empty>
    ) : (
      <Table
        label="Latest executions"
        columns={['Started', 'Status', 'Duration', 'Trigger', 'Criteria']}
        rows={executions.map((execution) => ({
          key: execution.id,
          href: executionHref(execution.id),
          cells: [
            <Started execution={execution} time={time} />,
            <SeenBadge execution={execution} />,
            ...outcomeCells(execution),
          ],
        }))}
      />
    )}
  </Panel>
);

const Started = ({ execution, time }: { execution: Summary; time: PlaybookView['time'] }) => {
  const words =
    execution.status === 'failed'
      ? execution.error
      : execution.status === 'skipped'
        ? execution.explanation
        : undefined;
  return (
    <div class="grow">
      <a href={executionHref(execution.id)}>
        <Time at={execution.startedAt} {...time} />
      </a>
      {words === undefined ? null : (
        <div class={execution.status === 'failed' ? 'small tone-alert' : 'small muted'}>
          <Text value={words} max={140} />
        </div>
      )}
      <SilenceNote execution={execution} time={time} />
    </div>
  );
};

/** The threads of a playbook that are open or wait for a decision. */
export const OpenThreads = ({ threads, time }: PlaybookView) => (
  <Panel title="Open threads" id="threads" aside={<a href="/inbox">Inbox</a>}>
    {threads.length === 0 ? (
      <Empty>No open threads.</Empty>
    ) : (
      <ul class="cards">
        {threads.map((thread) => (
          <li id={`thread-${thread.id}`}>
            <a href={`/inbox/${encodeURIComponent(thread.id)}`}>
              <span class="title">
                <Text value={thread.title} max={120} />
              </span>
              <span class="row small muted">
                <KindBadge kind={thread.kind} />
                <ThreadStateBadge state={effectiveState(thread, time.now).state} />
                <Time at={thread.createdAt} {...time} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    )}
  </Panel>
);
