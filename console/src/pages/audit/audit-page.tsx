import { Empty, Head, Paging, Panel } from '#console/view/elements/parts.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { auditHref, type AuditWish } from './audit-wish.ts';
import { ChainStatus } from './chain-status.tsx';
import { EntryTable } from './entry-table.tsx';
import type { AuditView } from './load-audit.ts';

/** The page of the audit log. */
export const AuditPage = ({ wish, view, time }: { wish: AuditWish; view: AuditView; time: ReaderTime }) => {
  const { page, verdict } = view;
  return (
    <>
      <Head title="Audit log">Who did what, when and why. Entries are added, never changed.</Head>
      <ChainStatus verdict={verdict} />
      <AuditFilters wish={wish} />
      <Panel title="Entries" aside="newest first">
        <Unreadable records={page.unreadable} />
        {page.items.length === 0 ? <Nothing wish={wish} /> : <EntryTable entries={page.items} time={time} />}
        <Paging nextHref={page.next === undefined ? undefined : auditHref({ ...wish, after: page.next })} />
      </Panel>
    </>
  );
};

const Nothing = ({ wish }: { wish: AuditWish }) =>
  Object.values({ ...wish, after: undefined }).some((filter) => filter !== undefined) ? (
    <Empty>
      No entries match these filters. <a href="/audit">Clear filters</a>
    </Empty>
  ) : (
    <Empty>No activity yet. Decisions, pauses, manual starts and sign-ins are recorded here.</Empty>
  );
