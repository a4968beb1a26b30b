import { durationInWords } from '#core/duration.ts';
import { StepBadge } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import type { StepRow } from './step-rows.ts';

interface HeadProps {
  readonly row: StepRow;
  /** Nothing grows: the execution has ended, or its runner is silent. */
  readonly isStill: boolean;
  readonly time: ReaderTime;
}

/** The head of a step: its name, status, duration and type, and why it was skipped. */
export const StepHead = ({ row, isStill, time }: HeadProps) => (
  <>
    <header>
      <h2>
        <Text value={row.name} max={120} />
      </h2>
      <Status row={row} isStill={isStill} />
    </header>
    <Origin row={row} time={time} />
    <Condition row={row} />
    <WhyNothing row={row} />
  </>
);

const Status = ({ row: { record }, isStill }: Omit<HeadProps, 'time'>) => (
  <div class="aside row">
    {record === undefined ? null : <StepBadge status={record.status} isStill={isStill} />}
    {record === undefined || record.status === 'running' || record.status === 'skipped' ? null : (
      <span class="figure">{durationInWords(record.durationMs)}</span>
    )}
  </div>
);

const Origin = ({ row: { type, path, record }, time }: Omit<HeadProps, 'isStill'>) => (
  <p class="small muted">
    {shownText(type.replaceAll('_', ' '), 60)} · <code>{shownText(path, 200)}</code>
    {record === undefined ? null : (
      <>
        {' '}
        · <Time at={record.startedAt} {...time} absolute />
      </>
    )}
  </p>
);

const Condition = ({ row: { step, record } }: { row: StepRow }) =>
  step?.if === undefined ? null : (
    <p class="small">
      if <code>{shownText(step.if, 400)}</code>
      {record?.block === undefined ? null : <span class="muted"> → {shownText(record.block, 40)}</span>}
    </p>
  );

const WhyNothing = ({ row: { record } }: { row: StepRow }) => {
  if (record === undefined) return <p class="empty">Not started.</p>;
  if (record.status !== 'skipped') return null;
  return (
    <p>
      Skipped: <Text value={record.reason} max={400} />
    </p>
  );
};
