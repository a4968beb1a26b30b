import { isEnded } from '#engine/record/execution.ts';
import type { Child } from 'hono/jsx';
import type { ExecutionSummary } from '#records/executions/execution-queries.ts';
import { Table } from '../elements/parts.tsx';
import { BandCounts, SeenBadge } from '../elements/status.tsx';
import { Text } from '../elements/text.tsx';
import { Time, Took, type ReaderTime } from '../elements/time.tsx';
import { executionHref } from './execution-href.ts';

const COLUMNS = ['Execution', 'Status', 'Started', 'Duration', 'Trigger', 'Criteria'];

/** Executions as a table, each with a link to its page. */
export const ExecutionTable = ({ executions, time }: { executions: readonly ExecutionSummary[]; time: ReaderTime }) => (
  <Table
    label="Executions"
    columns={COLUMNS}
    rows={executions.map((execution) => ({
      key: execution.id,
      href: executionHref(execution.id),
      cells: [
        <Name execution={execution} time={time} />,
        <SeenBadge execution={execution} />,
        <span class="nowrap">
          <Time at={execution.startedAt} {...time} />
        </span>,
        ...outcomeCells(execution),
      ],
    }))}
  />
);

const Name = ({ execution, time }: { execution: ExecutionSummary; time: ReaderTime }) => (
  <div class="grow">
    <a href={executionHref(execution.id)}>
      <Text value={execution.playbookName} max={80} />
    </a>
    {execution.status === 'failed' ? (
      <div class="small tone-alert">
        <Text value={execution.error} max={140} />
      </div>
    ) : null}
    {execution.status === 'skipped' ? (
      <div class="small muted">
        <Text value={execution.explanation} max={140} />
      </div>
    ) : null}
    <SilenceNote execution={execution} time={time} />
  </div>
);

/** Since when the runner of an execution has been silent; nothing for any other. */
export const SilenceNote = ({ execution, time }: { execution: ExecutionSummary; time: ReaderTime }) =>
  execution.status !== 'running' || execution.silentSince === null ? null : (
    <div class={execution.pastDeadline ? 'small tone-alert' : 'small muted'}>
      {execution.pastDeadline ? 'deadline passed, ' : ''}runner silent since{' '}
      <Time at={execution.silentSince} {...time} absolute />
    </div>
  );

/** What started an execution, and who. */
export const TriggerWords = ({ execution: { trigger } }: { execution: Pick<ExecutionSummary, 'trigger'> }) => {
  if (trigger.kind === 'schedule') return <span class="muted">schedule</span>;
  return trigger.by === undefined ? (
    <span>manual</span>
  ) : (
    <span>
      manual, <Text value={trigger.by} max={24} />
    </span>
  );
};

/** Duration, trigger and criteria, as every list of executions shows them. */
export function outcomeCells(execution: ExecutionSummary): readonly Child[] {
  return [
    <span class="nowrap">
      {isEnded(execution) ? (
        <Took durationMs={execution.duration} />
      ) : execution.status === 'waiting' || execution.silentSince === null ? (
        execution.status
      ) : (
        <span class="muted">–</span>
      )}
    </span>,
    <TriggerWords execution={execution} />,
    'criteria' in execution && execution.criteria.length > 0 ? (
      <BandCounts criteria={execution.criteria} />
    ) : (
      <span class="muted">–</span>
    ),
  ];
}
