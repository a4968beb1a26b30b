import { cut } from '#core/cut.ts';
import type { Execution } from '#engine/record/execution.ts';
import { ENDED_BY_PERSON } from '#records/executions/ended-by-person.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { may } from '#console/access/roles.ts';
import { Head, Panel } from '#console/view/elements/parts.tsx';
import { SeenBadge } from '#console/view/elements/status.tsx';
import { shownText, Text, visible } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { CriteriaPanel } from '#console/view/records/criteria-panel.tsx';
import { DifferencePanel } from './difference-panel.tsx';
import { ExecutionFacts } from './execution-facts.tsx';
import type { EndingForm } from './ending-form.ts';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';
import { FailureBox } from './failure-box.tsx';
import type { ExecutionView } from './load-execution-view.ts';
import { OffSchedule } from './off-schedule.tsx';
import { Refused, SilencePanel } from './silence-panel.tsx';
import { StepPanel } from './step-panel.tsx';
import { stepRows, stepToShow } from './step-rows.ts';
import type { Catalog } from '#functions/catalog.ts';
import { Timeline } from './timeline.tsx';
import { ToldPanel } from './told-panel.tsx';

const MAX_SOURCE_CHARS = 100_000;

interface PageProps {
  readonly view: ExecutionView;
  /** What of the steps the address asks for. */
  readonly asked: { readonly step: string | undefined; readonly attempt: number | undefined };
  readonly form: EndingForm;
  readonly catalog: Catalog;
  readonly time: ReaderTime;
}

/** The page of one execution: how it ended and why, its steps in time, one of them opened, and what stands around it. */
export const ExecutionPage = ({ view, asked, form, catalog, time }: PageProps) => {
  const { execution, definition, source, messages, threads } = view;
  const rows = stepRows(execution, definition, catalog.stepTypes);
  const shown = rows.find(({ path }) => path === asked.step) ?? stepToShow(execution, rows);
  return (
    <>
      <ExecutionHead execution={execution} />
      <WhatHappened execution={execution} />
      <OffSchedule execution={execution} />
      <Silence execution={execution} form={form} time={time} />
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
      <ToldPanel messages={messages} threads={threads} channels={catalog.channels} time={time} />
      <DifferencePanel view={view} time={time} />
      <Definition source={source} />
    </>
  );
};

/** An end that was refused, and the form for it as long as there is something to end. */
const Silence = ({ execution, form, time }: { execution: SeenExecution; form: EndingForm; time: ReaderTime }) => {
  const isSilent = execution.status === 'running' && execution.silentSince !== null;
  const hasForm = isSilent && may(form.person.role, 'end_execution');
  return (
    <>
      {hasForm ? null : <Refused form={form} />}
      {execution.status === 'running' ? <SilencePanel execution={execution} form={form} time={time} /> : null}
    </>
  );
};

const ExecutionHead = ({ execution }: { execution: SeenExecution }) => (
  <Head
    title={<Text value={execution.playbookName} max={120} />}
    actions={
      <a class="button" href={executionHref(execution.id, '.json')} download="">
        JSON
      </a>
    }
  >
    <span class="row">
      <SeenBadge execution={execution} />
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
  const { failure, failedStep, runner } = execution;
  const byPerson = runner === ENDED_BY_PERSON;
  return (
    <FailureBox failure={failure} id="failure" title={byPerson ? 'A person ended it' : undefined}>
      {failedStep === null ? null : (
        <>
          {' '}
          {byPerson ? 'while it was in' : 'in'}{' '}
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
          {visible(cut(source, MAX_SOURCE_CHARS))}
        </pre>
      </details>
    )}
  </Panel>
);
