import type { Child } from 'hono/jsx';
import type { ExecutionPage } from '#records/executions/list-executions.ts';
import { Empty, Head, Paging } from '#console/view/elements/parts.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import { inZone, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { ExecutionTable } from '#console/view/records/execution-table.tsx';
import { FilterChips } from './filter-chips.tsx';
import { FilterForm, type Offered } from './filter-form.tsx';
import { filterHref, type AskedFilter } from './filter.ts';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';

/** A page of the list, or why there is none: an invalid filter or cursor. */
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
    <Head title="Executions" actions={listed.kind === 'page' ? <Exports asked={asked} /> : undefined} />
    <div class="stack">
      <FilterForm asked={asked} offered={offeredOf(listed, playbooks)} />
      <FilterChips asked={asked} playbooks={playbooks} />
    </div>
    {listed.kind === 'refused' ? (
      <Refused asked={asked} problem={listed.problem} />
    ) : (
      <Page page={listed.page} asked={asked} after={after} time={time} />
    )}
  </>
);

const Exports = ({ asked: { given } }: { asked: AskedFilter }) => (
  <>
    {['CSV', 'JSON'].map((format) => (
      <a class="button" href={filterHref(`/executions.${format.toLowerCase()}`, given)} download="">
        Download {format}
      </a>
    ))}
  </>
);

const Refused = ({ asked, problem }: { asked: AskedFilter; problem: string | undefined }) => (
  <p class="problem">
    {problem ?? 'No results: fix the filter marked above.'}{' '}
    {problem === undefined ? (
      <a href="/executions">Clear filters</a>
    ) : (
      <a href={filterHref('/executions', asked.given)}>Back to the first page</a>
    )}
  </p>
);

type PageProps = Omit<ListProps, 'listed' | 'playbooks'> & { readonly page: ExecutionPage };

const Page = ({ page, asked: { given }, after, time }: PageProps) => {
  const { executions, unreadable, next, scannedUntil } = page;
  const reached = scannedUntil === undefined ? undefined : inZone(scannedUntil, time.timeZone, time.now);
  return (
    <>
      <Unreadable records={unreadable} />
      <section class="panel" aria-label="Executions">
        {executions.length > 0 ? <ExecutionTable executions={executions} time={time} /> : null}
        {executions.length === 0 && unreadable.length === 0 ? (
          <Empty>{emptyWords(Object.keys(given).length > 0, after, reached)}</Empty>
        ) : null}
      </section>
      <div class="row spread">
        {after === undefined ? <span /> : <Newest href={filterHref('/executions', given)} />}
        <Paging
          nextHref={next === undefined ? undefined : filterHref('/executions', given, { after: next })}
          {...(reached !== undefined && { note: `Searched back to ${reached}.`, label: 'Search further →' })}
        />
      </div>
    </>
  );
};

const Newest = ({ href }: { href: string }) => (
  <a class="button" href={href}>
    ← Newest
  </a>
);

function emptyWords(isFiltered: boolean, after: string | undefined, reached: string | undefined): Child {
  if (reached !== undefined) return `No matches back to ${reached}. Older executions may match.`;
  if (after !== undefined) return 'No more results.';
  if (isFiltered) {
    return (
      <>
        No executions match these filters. <a href="/executions">Clear filters</a>
      </>
    );
  }
  return (
    <>
      No executions yet. Open one of the <a href="/playbooks">playbooks</a> and choose “Run now”, or wait for its next
      run. This list updates by itself.
    </>
  );
}

/** Playbooks come from the database; agents and labels are those of this page, so that nothing more is read. */
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

/** An offered value must be what it looks like. */
function offerable(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => shownText(value, 100) === value).slice(0, MAX_SUGGESTIONS);
}
