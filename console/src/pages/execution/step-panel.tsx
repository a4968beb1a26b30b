import type { Attempt } from '#engine/record/attempt.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { AttemptView } from './attempt-view.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import { FailureBox } from './failure-box.tsx';
import { StepHead } from './step-head.tsx';
import type { StepRow } from './step-rows.ts';

/** A step has at most 20 attempts, and 5 interrupted ones. */
const MAX_TABS = 30;
/** With more attempts than this, the tabs are short. */
const MAX_WORDED_TABS = 4;
const SIGNS = { running: '▸', waiting: '…', succeeded: '✓', failed: '✕', interrupted: '⚡' } as const;

interface PanelProps {
  readonly execution: SeenExecution;
  readonly row: StepRow;
  /** The attempt to show; the last one where there is none of that number. */
  readonly attempt: number | undefined;
  readonly time: ReaderTime;
}

/** One step: how it went, its input and its output. Of several attempts one is shown; the others are a link away. */
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
      <Attempts executionId={execution.id} path={path} attempts={attempts} shown={attempt?.number} />
      <Omitted step={record} />
      {attempt === undefined ? null : (
        <AttemptView execution={execution} row={row} attempt={attempt} said={said} time={time} />
      )}
    </section>
  );
};

interface AttemptsProps {
  readonly executionId: string;
  readonly path: string;
  readonly attempts: readonly Attempt[];
  readonly shown: number | undefined;
}

/** A tab for each attempt, where there are several. */
const Attempts = ({ executionId, path, attempts, shown }: AttemptsProps) =>
  attempts.length < 2 ? null : (
    <Tabs
      label="Attempts of this step"
      tabs={attempts.slice(-MAX_TABS).map(({ number, status }) => ({
        name: `${number} ${SIGNS[status]}${attempts.length > MAX_WORDED_TABS ? '' : ` ${status}`}`,
        href: stepHref(executionId, path, number),
        current: number === shown,
      }))}
    />
  );

const Omitted = ({ step }: { step: StepRecord | undefined }) => {
  const count = step?.omitted?.count ?? 0;
  return count === 0 ? null : (
    <p class="small muted">
      {plural(count, 'more attempt')} between the first and the last {count === 1 ? 'is' : 'are'} not in the record.
    </p>
  );
};
