import type { Catalog } from '#functions/catalog.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { may } from '#console/access/roles.ts';
import { Head } from '#console/view/elements/parts.tsx';
import { SeenBadge } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { CriteriaPanel } from '#console/view/records/criteria-panel.tsx';
import { DifferencePanel } from './difference/difference-panel.tsx';
import { ExecutionFacts } from './execution-facts.tsx';
import type { EndingForm } from './ending-form.ts';
import { executionHref } from '#console/view/records/execution-href.ts';
import { DefinitionPanel } from './definition-panel.tsx';
import type { ExecutionView } from './load-execution-view.ts';
import { OffSchedule } from './off-schedule.tsx';
import { Refused, SilencePanel } from './silence-panel.tsx';
import { StepPanel } from './step-panel.tsx';
import { stepRows, stepToShow, type StepRow } from './step-rows.ts';
import { Timeline } from './timeline.tsx';
import { ToldPanel } from './told-panel.tsx';
import { WhatHappened } from './what-happened.tsx';

interface PageProps {
  readonly view: ExecutionView;
  /** The step and the attempt that the address asks for. */
  readonly asked: { readonly step: string | undefined; readonly attempt: number | undefined };
  readonly form: EndingForm;
  readonly catalog: Catalog;
  readonly time: ReaderTime;
}

/** The page of one execution: how it ended and why, its steps in time, one of them opened, and what belongs to it. */
export const ExecutionPage = ({ view, asked, form, catalog, time }: PageProps) => {
  const { execution, definition, source, messages, threads } = view;
  const rows = stepRows(execution, definition, catalog.stepTypes);
  const shown = rows.find(({ path }) => path === asked.step) ?? stepToShow(execution, rows);
  return (
    <>
      <ExecutionHead execution={execution} />
      <WhatHappened execution={execution} rows={rows} />
      <OffSchedule execution={execution} />
      <Silence execution={execution} form={form} time={time} />
      <ExecutionFacts execution={execution} definition={definition} time={time} />
      {rows.length === 0 || execution.status === 'skipped' ? null : (
        <Steps execution={execution} rows={rows} shown={shown} attempt={asked.attempt} time={time} />
      )}
      {'criteria' in execution ? (
        <CriteriaPanel criteria={execution.criteria} definitions={definition?.criteria ?? []} />
      ) : null}
      <ToldPanel messages={messages} threads={threads} channels={catalog.channels} time={time} />
      <DifferencePanel compared={view} nameOf={(path) => nameOf(path, rows)} time={time} />
      <DefinitionPanel version={execution.version} source={source} />
    </>
  );
};

function nameOf(path: string, rows: readonly StepRow[]): string {
  return rows.find((row) => row.path === path)?.name ?? path;
}

interface StepsProps {
  readonly execution: SeenExecution;
  readonly rows: readonly StepRow[];
  /** The step that is opened; undefined before any has started. */
  readonly shown: StepRow | undefined;
  readonly attempt: number | undefined;
  readonly time: ReaderTime;
}

const Steps = ({ execution, rows, shown, attempt, time }: StepsProps) => (
  <div class="execution">
    <section class="panel steps" aria-label="Timeline">
      <header>
        <h2>Timeline</h2>
      </header>
      <Timeline execution={execution} rows={rows} selected={shown?.path} now={time.now} />
    </section>
    {shown === undefined ? null : <StepPanel execution={execution} row={shown} attempt={attempt} time={time} />}
  </div>
);

/** Why ending the execution was refused, and the form for it as long as there is something to end. */
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
        Download JSON
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
