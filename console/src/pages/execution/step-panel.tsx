import { durationInWords } from '#core/duration.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { StepBadge } from '#console/view/elements/status.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { AttemptView } from './attempt-view.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import { FailureBox } from './failure-box.tsx';
import type { StepRow } from './step-rows.ts';

/** A step is tried at most 20 times, and interrupted at most 5. */
const MAX_TABS = 30;
/** Of more attempts, the tabs are short. */
const MAX_WORDED_TABS = 4;
const SIGNS = { running: '▸', succeeded: '✓', failed: '✕', interrupted: '⚡' } as const;

interface PanelProps {
  readonly execution: SeenExecution;
  readonly row: StepRow;
  /** The attempt to show; the last one where there is none of that number. */
  readonly attempt: number | undefined;
  readonly time: ReaderTime;
}

/** One step: how it went, what it was given, what it left. Of several attempts one is shown, the others are a link away. */
export const StepPanel = ({ execution, row, attempt: asked, time }: PanelProps) => {
  const { path, name, record } = row;
  const attempts = record?.attempts ?? [];
  const attempt = attempts.find(({ number }) => number === asked) ?? attempts.at(-1);
  const said = execution.status === 'failed' ? execution.failure.message : undefined;
  const isUnsaid = record?.status === 'failed' && attempt?.status !== 'failed' && record.failure.message !== said;
  return (
    <section class="panel" id="step" aria-label={`Step ${shownText(name, 60)}`}>
      <StepHead row={row} isStill={execution.status !== 'running' || execution.silentSince !== null} time={time} />
      {isUnsaid ? <FailureBox failure={record.failure} id="step-failure" /> : null}
      {attempts.length < 2 ? null : (
        <Tabs
          label="Attempts of this step"
          tabs={attempts.slice(-MAX_TABS).map(({ number, status }) => ({
            name:
              attempts.length > MAX_WORDED_TABS ? `${number} ${SIGNS[status]}` : `${number} ${SIGNS[status]} ${status}`,
            href: stepHref(execution.id, path, number),
            current: number === attempt?.number,
          }))}
        />
      )}
      <Omitted step={record} />
      {attempt === undefined ? null : (
        <AttemptView execution={execution} row={row} attempt={attempt} said={said} time={time} />
      )}
    </section>
  );
};

const Omitted = ({ step }: { step: StepRecord | undefined }) => {
  const count = step?.omitted?.count ?? 0;
  return count === 0 ? null : (
    <p class="small muted">
      {plural(count, 'attempt')} more, between the first and the last, {count === 1 ? 'is' : 'are'} not in the record.
    </p>
  );
};

const StepHead = ({
  row: { path, name, type, record, step },
  isStill,
  time,
}: {
  row: StepRow;
  isStill: boolean;
  time: ReaderTime;
}) => (
  <>
    <header>
      <h2>
        <Text value={name} max={120} />
      </h2>
      <div class="aside row">
        {record === undefined ? null : <StepBadge status={record.status} isStill={isStill} />}
        {record === undefined || record.status === 'running' || record.status === 'skipped' ? null : (
          <span class="figure">{durationInWords(record.durationMs)}</span>
        )}
      </div>
    </header>
    <p class="small muted">
      {shownText(type.replaceAll('_', ' '), 60)} · <code>{shownText(path, 200)}</code>
      {record === undefined ? null : (
        <>
          {' '}
          · <Time at={record.startedAt} {...time} absolute />
        </>
      )}
    </p>
    {step?.if === undefined ? null : (
      <p class="small">
        if <code>{shownText(step.if, 400)}</code>
        {record?.block === undefined ? null : <span class="muted"> → {shownText(record.block, 40)}</span>}
      </p>
    )}
    {record === undefined ? <p class="empty">This step has not begun.</p> : null}
    {record?.status === 'skipped' ? (
      <p>
        Skipped: <Text value={record.reason} max={400} />
      </p>
    ) : null}
  </>
);
