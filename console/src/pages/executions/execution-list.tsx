import type { ExecutionPage } from '#records/executions/list-executions.ts';
import { Empty, Head, Paging } from '#console/view/elements/parts.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import { inZone, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { ExecutionTable } from '#console/view/records/execution-table.tsx';
import { FilterChips, FilterForm, type Offered } from './filter-form.tsx';
import { filterHref, type AskedFilter } from './filter.ts';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';

/** A page of the list, or why there is none: a wrong filter, or a cursor that is none. */
export type Listed =
  { readonly kind: 'page'; readonly page: ExecutionPage } | { readonly kind: 'refused'; readonly problem?: string };

interface ListProps {
  readonly asked: AskedFilter;
  readonly listed: Listed;
  readonly playbooks: readonly PlaybookName[];
  readonly after: string | undefined;
  readonly time: ReaderTime;
}

const MAX_SUGGESTIONS = 40;

/** The page of the executions. */
export const ExecutionList = ({ asked, listed, playbooks, after, time }: ListProps) => (
  <>
    <Head
      title="Executions"
      actions={
        listed.kind === 'page' ? (
          <>
            <a class="button" href={filterHref('/executions.csv', asked.given)} download="">
              CSV
            </a>
            <a class="button" href={filterHref('/executions.json', asked.given)} download="">
              JSON
            </a>
          </>
        ) : undefined
      }
    >
      Every running of every playbook, the newest first
    </Head>
    <div class="stack">
      <FilterForm asked={asked} offered={offeredOf(listed, playbooks)} />
      <FilterChips asked={asked} playbooks={playbooks} />
    </div>
    {listed.kind === 'refused' ? (
      <p class="problem">
        {listed.problem ?? 'Nothing is listed, because a filter cannot be used: it says above what would be right.'}{' '}
        <a href={listed.problem === undefined ? '/executions' : filterHref('/executions', asked.given)}>
          {listed.problem === undefined ? 'Remove all filters' : 'To the first page'}
        </a>
      </p>
    ) : (
      <Page page={listed.page} asked={asked} after={after} time={time} />
    )}
  </>
);

const Page = ({
  page,
  asked: { given },
  after,
  time,
}: Omit<ListProps, 'listed' | 'playbooks'> & { page: ExecutionPage }) => {
  const { executions, unreadable, next, scannedUntil } = page;
  const reached = scannedUntil === undefined ? undefined : inZone(scannedUntil, time.timeZone, time.now);
  return (
    <>
      <Unreadable records={unreadable} />
      <section class="panel" aria-label="Executions">
        {executions.length > 0 ? <ExecutionTable executions={executions} time={time} /> : null}
        {executions.length === 0 && unreadable.length === 0 ? (
          <Nothing isFiltered={Object.keys(given).length > 0} after={after} reached={reached} />
        ) : null}
      </section>
      <div class="row spread">
        {after === undefined ? (
          <span />
        ) : (
          <a class="button" href={filterHref('/executions', given)}>
            ← Newest
          </a>
        )}
        <Paging
          nextHref={next === undefined ? undefined : filterHref('/executions', given, { after: next })}
          {...(reached !== undefined && { note: `Looked back to ${reached} so far.` })}
        />
      </div>
    </>
  );
};

const Nothing = ({
  isFiltered,
  after,
  reached,
}: {
  isFiltered: boolean;
  after: string | undefined;
  reached: string | undefined;
}) => {
  if (reached !== undefined)
    return <Empty>Nothing here passes the filter, back to {reached}. There may be more among the older ones.</Empty>;
  if (after !== undefined) return <Empty>Nothing older passes.</Empty>;
  if (isFiltered) {
    return (
      <Empty>
        No execution passes these filters. <a href="/executions">Remove all filters</a> to see the others.
      </Empty>
    );
  }
  return (
    <Empty>
      No playbook has run yet. Open one of the <a href="/playbooks">playbooks</a> and press “Run now”, or wait for the
      next slot of its schedule: what runs shows up here by itself.
    </Empty>
  );
};

/** Playbooks come from the database; of agents and labels those of this page are offered, for which nothing more is read. */
function offeredOf(listed: Listed, playbooks: readonly PlaybookName[]): Offered {
  const executions = listed.kind === 'page' ? listed.page.executions : [];
  return {
    playbooks,
    agents: offerable(executions.flatMap(({ agents }) => agents)),
    labels: offerable(
      executions.flatMap(({ labels }) => Object.entries(labels).map(([key, value]) => `${key}=${value}`)),
    ),
  };
}

/** What is to be chosen must be what it looks like. */
function offerable(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => shownText(value, 100) === value).slice(0, MAX_SUGGESTIONS);
}
