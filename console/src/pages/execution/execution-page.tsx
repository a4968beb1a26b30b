import type { Execution } from '../../../../functions/src/engine/execution.ts';
import { Head, Panel } from '../../view/parts.tsx';
import { StatusBadge } from '../../view/status.tsx';
import { shownText, Text, visible } from '../../view/text.tsx';
import type { ReaderTime } from '../../view/time.tsx';
import { CriteriaPanel } from './criteria-panel.tsx';
import { DifferencePanel } from './difference-panel.tsx';
import { ExecutionFacts } from './execution-facts.tsx';
import { executionHref, stepHref } from './execution-href.ts';
import { FailureBox } from './failure-box.tsx';
import type { ExecutionView } from './load-execution-view.ts';
import { StepPanel } from './step-panel.tsx';
import { stepRows, stepToShow } from './step-rows.ts';
import { Timeline } from './timeline.tsx';
import { ToldPanel } from './told-panel.tsx';

const MAX_SOURCE_CHARS = 100_000;

interface PageProps {
  readonly view: ExecutionView;
  /** What of the steps the address asks for. */
  readonly asked: { readonly step: string | undefined; readonly attempt: number | undefined };
  readonly time: ReaderTime;
}

/** The page of one execution: how it ended and why, its steps in time, one of them opened, and what stands around it. */
export const ExecutionPage = ({ view, asked, time }: PageProps) => {
  const { execution, definition, source, messages, threads } = view;
  const rows = stepRows(execution, definition);
  const shown = rows.find(({ path }) => path === asked.step) ?? stepToShow(execution, rows);
  return (
    <>
      <ExecutionHead execution={execution} />
      <WhatHappened execution={execution} />
      <ExecutionFacts execution={execution} time={time} />
      {rows.length === 0 || execution.status === 'skipped' ? null : (
        <div class="execution">
          <section class="panel steps" aria-label="Timeline">
            <header>
              <h2>Timeline</h2>
            </header>
            <Timeline execution={execution} rows={rows} selected={shown?.path} now={time.now} />
          </section>
          {shown === undefined ? null : (
            <StepPanel execution={execution} row={shown} attempt={asked.attempt} time={time} />
          )}
        </div>
      )}
      {'criteria' in execution ? (
        <CriteriaPanel criteria={execution.criteria} definitions={definition?.criteria ?? []} />
      ) : null}
      <ToldPanel messages={messages} threads={threads} time={time} />
      <DifferencePanel view={view} time={time} />
      <Definition source={source} />
    </>
  );
};

const ExecutionHead = ({ execution }: { execution: Execution }) => (
  <Head
    title={<Text value={execution.playbookName} max={120} />}
    actions={
      <a class="button" href={executionHref(execution.id, '.json')} download="">
        JSON
      </a>
    }
  >
    <span class="row">
      <StatusBadge status={execution.status} />
      <a href={`/playbooks/${encodeURIComponent(execution.playbookId)}`}>
        <Text value={execution.playbookId} max={80} />
      </a>
      <code class="muted">{shownText(execution.id, 200)}</code>
    </span>
  </Head>
);

const WhatHappened = ({ execution }: { execution: Execution }) => {
  if (execution.status === 'skipped') {
    return (
      <p class="hint">
        <strong>Nothing ran: {REASONS[execution.reason]}.</strong> <Text value={execution.explanation} max={600} />
      </p>
    );
  }
  if (execution.status !== 'failed') return null;
  const { failure, failedStep } = execution;
  return (
    <FailureBox failure={failure} id="failure">
      {failedStep === null ? null : (
        <>
          {' '}
          in{' '}
          <a href={stepHref(execution.id, failedStep)}>
            <Text value={failedStep} max={80} />
          </a>
        </>
      )}
    </FailureBox>
  );
};

const REASONS: Readonly<Record<Extract<Execution, { status: 'skipped' }>['reason'], string>> = {
  disabled: 'the playbook is disabled',
  paused: 'the playbook is paused',
  maintenance: 'no playbook begins at the moment',
  stale: 'the delivery came too late',
  repeated_hour: 'the clocks were set back, and it has run at this local time before',
};

const Definition = ({ source }: { source: string | undefined }) => (
  <Panel title="The definition it ran" id="definition">
    {source === undefined ? (
      <p class="muted">This version is not kept any more, or cannot be read.</p>
    ) : (
      <details id="definition-source">
        <summary>Show the YAML</summary>
        <pre tabindex={0} role="region" aria-label="The definition as YAML">
          {visible(source.slice(0, MAX_SOURCE_CHARS))}
        </pre>
      </details>
    )}
  </Panel>
);
