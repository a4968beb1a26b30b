import type { Child } from 'hono/jsx';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { effectiveState } from '#records/threads/thread.ts';
import { Table } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { KindBadge, ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import type { InboxView } from './inbox-view.ts';
import { TABS } from './inbox-wish.ts';

const SOON_MS = 4 * 3_600_000;

/** The threads of a tab as a table. */
export const ThreadTable = ({ view }: { view: InboxView }) => {
  const { state } = view.wish;
  return (
    <Table
      label={`Threads: ${TABS[state]}`}
      columns={['Thread', state === 'waiting' ? 'Deadline' : 'State', 'Assigned to', 'Playbook', 'Opened']}
      rows={view.page.items.map((thread) => ({
        key: thread.id,
        href: hrefOf(thread),
        cells: cellsOf(thread, view),
      }))}
    />
  );
};

function cellsOf(thread: ListedThread, { wish, playbooks, time }: InboxView): readonly Child[] {
  const { playbookId } = thread.evidence;
  const playbookName = playbooks.find(({ id }) => id === playbookId)?.name ?? playbookId;
  return [
    <span class="thread-title">
      <KindBadge kind={thread.kind} />{' '}
      <a href={hrefOf(thread)}>
        <Text value={thread.title} max={140} />
      </a>
    </span>,
    <span>
      {wish.state === 'waiting' ? null : <ThreadStateBadge state={effectiveState(thread, time.now).state} />}{' '}
      <Standing thread={thread} time={time} />
    </span>,
    <Text value={thread.assignee} max={40} />,
    <a href={playbookHref(playbookId)}>
      <Text value={playbookName} max={40} />
    </a>,
    <Time at={thread.createdAt} {...time} />,
  ];
}

/** What matters besides the state: the deadline of an open question, else who ended it and when. */
const Standing = ({ thread, time }: { thread: ListedThread; time: ReaderTime }): Child => {
  const { state } = effectiveState(thread, time.now);
  const { deadlineAt, decision, closed } = thread;
  if (state === 'awaiting_approval' && deadlineAt !== null) return <Expiry at={deadlineAt} time={time} />;
  const made = decision ?? closed;
  const at = made?.at ?? (state === 'expired' ? deadlineAt : null);
  if (at === null) return null;
  return (
    <span class="muted small">
      {made === null ? null : (
        <>
          by <Text value={made.by} max={40} />,{' '}
        </>
      )}
      <Time at={at} {...time} />
    </span>
  );
};

const Expiry = ({ at, time }: { at: Date; time: ReaderTime }) => (
  <span class={at.getTime() - time.now.getTime() < SOON_MS ? 'tone-warn' : undefined}>
    expires <Time at={at} {...time} />
  </span>
);

function hrefOf({ id }: ListedThread): string {
  return `/inbox/${encodeURIComponent(id)}`;
}
