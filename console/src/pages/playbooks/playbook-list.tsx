import { durationInWords } from '#core/duration.ts';
import type { ExecutionSummary } from '#records/executions/execution-queries.ts';
import type { Page } from '#records/store/query-page.ts';
import { percent } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Head, Paging, Table } from '#console/view/elements/parts.tsx';
import { dueInZone, scheduleInWords } from '#console/view/elements/schedule.ts';
import { SeenBadge } from '#console/view/elements/status.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time, zoneWords, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { DurationSpark, executionsInWords, monthOf, SuccessStrip, type Month } from '#console/view/records/month.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { nextRun, PauseWords, StateBadge, stateOf } from '#console/view/records/playbook-state.tsx';
import type { ListedPlaybook } from './load-playbooks.ts';

const COLUMNS = ['Playbook', 'Schedule', 'Next run', 'Last execution', 'Success, 30 days', 'Duration, 30 days'];

interface ListProps {
  readonly page: Page<ListedPlaybook>;
  readonly after: string | undefined;
  readonly time: ReaderTime;
}

/** The page of the playbooks. */
export const PlaybookList = ({ page, after, time }: ListProps) => (
  <>
    <Head title="Playbooks" />
    <Unreadable records={page.unreadable} />
    <section class="panel" aria-label="Playbooks">
      {page.items.length > 0 ? (
        <Table
          label="Playbooks"
          columns={COLUMNS}
          rows={page.items.map((listed) => ({
            key: listed.record.id,
            href: playbookHref(listed.record.id),
            cells: cellsOf(listed, time),
          }))}
        />
      ) : null}
      {page.items.length === 0 && page.unreadable.length === 0 ? <Nothing isFirstPage={after === undefined} /> : null}
    </section>
    <div class="row spread">
      {after === undefined ? <span /> : <FirstPage />}
      <Paging
        nextHref={page.next === undefined ? undefined : hrefOf('/playbooks', { after: page.next })}
        label="More →"
      />
    </div>
  </>
);

const FirstPage = () => (
  <a class="button" href="/playbooks">
    ← First page
  </a>
);

function cellsOf({ record, statistics, last }: ListedPlaybook, time: ReaderTime) {
  const month = statistics === undefined ? undefined : monthOf(statistics, time.now);
  return [
    <Name record={record} time={time} />,
    record.definition.schedule === undefined ? (
      <span class="muted">Manual only</span>
    ) : (
      scheduleInWords(record.definition.schedule)
    ),
    <NextRun record={record} time={time} />,
    <Last execution={last} time={time} />,
    <Success month={month} />,
    <Durations month={month} />,
  ];
}

const Name = ({ record, time }: { record: ListedPlaybook['record']; time: ReaderTime }) => {
  const { id, name, definition } = record;
  const state = stateOf(record, time.now);
  return (
    <div class="grow">
      <a href={playbookHref(id)}>
        <Text value={name} max={80} />
      </a>{' '}
      {state.kind === 'enabled' ? null : <StateBadge state={state} />}
      {definition.owner === undefined ? null : (
        <div class="small muted">
          <Text value={definition.owner} max={60} />
        </div>
      )}
      {state.kind === 'paused' ? (
        <div class="small muted">
          <PauseWords pause={state.pause} time={time} />
        </div>
      ) : null}
    </div>
  );
};

const NextRun = ({ record, time }: { record: ListedPlaybook['record']; time: ReaderTime }) => {
  const next = nextRun(record, time.now);
  if (next === undefined) return <span class="muted">–</span>;
  return (
    <div>
      <Time at={next} {...time} />
      <div class="small muted">
        <span class="nowrap">{dueInZone(next, time.timeZone, time.now)}</span>
        {record.definition.schedule?.timeZone === time.timeZone ? null : ` ${zoneWords(time.timeZone)}`}
      </div>
    </div>
  );
};

const Last = ({ execution, time }: { execution: ExecutionSummary | undefined; time: ReaderTime }) =>
  execution === undefined ? (
    <span class="muted">never</span>
  ) : (
    <div>
      <SeenBadge execution={execution} />
      <div class="small">
        <a href={executionHref(execution.id)}>
          <Time at={execution.startedAt} {...time} />
        </a>
      </div>
    </div>
  );

const Success = ({ month }: { month: Month | undefined }) =>
  month === undefined ? (
    <span class="muted">unreadable</span>
  ) : (
    <div class="of-month">
      <span class="figure">{percent(month.sum.successRate)}</span>{' '}
      <span class="small muted">{executionsInWords(month.sum)}</span>
      <SuccessStrip month={month} />
    </div>
  );

const Durations = ({ month }: { month: Month | undefined }) => {
  if (month === undefined || month.sum.p50Ms === null || month.sum.p95Ms === null) return <span class="muted">–</span>;
  const [p50, p95] = [durationInWords(month.sum.p50Ms), durationInWords(month.sum.p95Ms)];
  return (
    <div class="of-month">
      <span class="figure">{p50}</span> <span class="small muted nowrap">p95 {p95}</span>
      <DurationSpark month={month} of="p50Ms" label={`Median duration per day over 30 days; of all: ${p50}`} />
    </div>
  );
};

const Nothing = ({ isFirstPage }: { isFirstPage: boolean }) =>
  isFirstPage ? (
    <Empty>
      No playbooks yet. Write one as <code>playbooks/&lt;id&gt;.yaml</code>, then run <code>npm run seed</code>.
    </Empty>
  ) : (
    <Empty>No more playbooks.</Empty>
  );
