import type { ListedThread } from '#records/threads/thread-queries.ts';
import { effectiveState } from '#records/threads/thread.ts';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import type { HealthView } from './health-view.ts';

/** The open incidents, then the newest of the others. */
export const Incidents = ({ view }: { view: HealthView }) => {
  const { openIncidents: open, recentIncidents: recent } = view;
  const openIds = new Set(open.items.map(({ id }) => id));
  const incidents = [...open.items, ...recent.items.filter(({ id }) => !openIds.has(id))];
  return (
    <Panel title="Incidents" id="incidents" aside={<a href="/inbox?state=all&kind=incident">All incidents →</a>}>
      <Unreadable records={[...open.unreadable, ...recent.unreadable]} />
      {incidents.length === 0 ? (
        <Empty>No incidents yet. A playbook opens one with a create_thread step of kind incident.</Empty>
      ) : (
        <Table
          label="Incidents"
          columns={['Incident', 'State', 'Playbook', 'Opened']}
          rows={incidents.map((thread) => rowOf(thread, view))}
        />
      )}
    </Panel>
  );
};

function rowOf(thread: ListedThread, { playbooks, time }: HealthView) {
  const { id, title, createdAt } = thread;
  const { playbookId } = thread.evidence;
  const href = `/inbox/${encodeURIComponent(id)}`;
  const playbookName = playbooks.find((playbook) => playbook.id === playbookId)?.name ?? playbookId;
  return {
    key: id,
    href,
    cells: [
      <a href={href}>
        <Text value={title} max={120} />
      </a>,
      <ThreadStateBadge state={effectiveState(thread, time.now).state} />,
      <a href={playbookHref(playbookId)}>
        <Text value={playbookName} max={60} />
      </a>,
      <Time at={createdAt} {...time} />,
    ],
  };
}
