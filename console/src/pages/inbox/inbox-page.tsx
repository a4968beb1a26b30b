import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Head, Paging, Panel } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { InboxFilters } from './inbox-filters.tsx';
import { inboxHref, TAB_NAMES, TABS, type InboxWish } from './inbox-wish.ts';
import type { InboxView } from './inbox-view.ts';
import { ThreadTable } from './thread-table.tsx';

/** The page of the inbox. */
export const InboxPage = ({ view }: { view: InboxView }) => {
  const { wish, page, roles } = view;
  return (
    <>
      <Head title="Inbox" />
      <Tabs
        label="States"
        tabs={TAB_NAMES.map((state) => ({
          name: TABS[state],
          href: inboxHref({ ...wish, state, after: undefined }),
          current: state === wish.state,
        }))}
      />
      <InboxFilters wish={wish} roles={roles} />
      <Panel title={TABS[wish.state]} aside={wish.state === 'waiting' ? 'soonest deadline first' : 'newest first'}>
        <Unreadable records={page.unreadable} />
        {page.items.length === 0 ? <Nothing wish={wish} /> : <ThreadTable view={view} />}
        <Paging nextHref={page.next === undefined ? undefined : inboxHref({ ...wish, after: page.next })} />
      </Panel>
    </>
  );
};

const Nothing = ({ wish: { state, kind, assignee } }: { wish: InboxWish }) => {
  if (kind !== undefined || assignee !== undefined) {
    return (
      <Empty>
        No threads match these filters. <a href={hrefOf('/inbox', { state })}>Clear filters</a>
      </Empty>
    );
  }
  if (state !== 'waiting') return <Empty>{EMPTY[state]}</Empty>;
  return (
    <Empty>
      <strong>You’re all caught up.</strong> Approvals, such as a campaign before it goes to customers, wait here until
      someone decides or their deadline passes.
    </Empty>
  );
};

const EMPTY = {
  open: 'No open threads. Incidents, reviews and notes stay here until someone closes them.',
  decided: 'No decisions yet. Approved and rejected threads are listed here.',
  expired: 'Nothing has expired. A thread that nobody decides by its deadline counts as rejected and is listed here.',
  closed: 'No closed threads yet.',
  all: 'No threads yet. A playbook opens one with the step create_thread.',
} as const;
