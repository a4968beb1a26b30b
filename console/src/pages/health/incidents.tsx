import type { Page } from '#records/store/query-page.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { effectiveState } from '#records/threads/thread.ts';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';

/** The incidents that are open, and the latest of all. */
export const Incidents = ({
  open,
  recent,
  time,
}: {
  open: Page<ListedThread>;
  recent: Page<ListedThread>;
  time: ReaderTime;
}) => {
  const openIds = new Set(open.items.map(({ id }) => id));
  const incidents = [...open.items, ...recent.items.filter(({ id }) => !openIds.has(id))];
  return (
    <Panel title="Incidents" id="incidents" aside={<a href="/inbox?state=all&kind=incident">All →</a>}>
      <Unreadable records={[...open.unreadable, ...recent.unreadable]} />
      {incidents.length === 0 ? (
        <Empty>No incident was ever opened. A step create_thread of kind incident opens one.</Empty>
      ) : (
        <Table
          label="Incidents"
          columns={['Incident', 'State', 'Playbook', 'Opened']}
          rows={incidents.map((thread) => ({
            key: thread.id,
            href: hrefOf(thread),
            cells: [
              <a href={hrefOf(thread)}>
                <Text value={thread.title} max={120} />
              </a>,
              <ThreadStateBadge state={effectiveState(thread, time.now).state} />,
              <a href={`/playbooks/${encodeURIComponent(thread.evidence.playbookId)}`}>
                <Text value={thread.evidence.playbookId} max={60} />
              </a>,
              <Time at={thread.createdAt} {...time} />,
            ],
          }))}
        />
      )}
    </Panel>
  );
};

function hrefOf({ id }: ListedThread): string {
  return `/inbox/${encodeURIComponent(id)}`;
}
