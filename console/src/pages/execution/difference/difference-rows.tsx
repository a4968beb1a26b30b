import type { Child } from 'hono/jsx';
import { durationInWords } from '#core/duration.ts';
import type { Json } from '#core/json.ts';
import type { CriterionResult, Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { BandBadge, StatusBadge } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Measured } from '#console/view/records/criteria-panel.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import type { Differences, StepDifference } from './differences.ts';

const MAX_PATHS = 60;

/** One difference: what differs, how it was, how it is. */
export interface Row {
  readonly key: string;
  readonly cells: readonly Child[];
}

/** The differences of two executions as rows: inputs, steps, criteria. */
export function rowsOf(differences: Differences, lastGood: Execution, execution: Execution): readonly Row[] {
  const { inputs, steps, criteria } = differences;
  return [
    ...inputs.map(({ name, before, after }, index) =>
      row(`input-${index}`, named('Input', name), [<Value value={before} />, <Value value={after} />]),
    ),
    ...stepRows(steps, lastGood.id, execution.id),
    ...criteria.map(({ name, before, after }, index) =>
      row(`criterion-${index}`, named('Criterion', name), [
        <Criterion criterion={before} />,
        <Criterion criterion={after} />,
      ]),
    ),
  ];
}

function row(key: string, what: Child, sides: readonly [Child, Child]): Row {
  return { key, cells: [what, ...sides] };
}

function named(kind: string, name: string): Child {
  return (
    <span>
      {kind} <Text value={name} max={80} />
    </span>
  );
}

/** A step that both reached, or that failed, has its own row; steps that only one of the two reached share a row. */
function stepRows(steps: readonly StepDifference[], lastGoodId: string, executionId: string): readonly Row[] {
  const hasOwnRow = ({ before, after }: StepDifference): boolean =>
    after?.status === 'failed' || (before !== undefined && after !== undefined);
  const onlyNow = steps.filter((step) => step.before === undefined && !hasOwnRow(step));
  const onlyThen = steps.filter((step) => step.after === undefined);
  return [
    ...steps
      .filter(hasOwnRow)
      .map(({ path, before, after }, index) =>
        row(`changed-${index}`, named('Step', path), [
          <Step executionId={lastGoodId} record={before} />,
          <Step executionId={executionId} record={after} />,
        ]),
      ),
    ...(onlyNow.length === 0
      ? []
      : [row('only-now', counted(onlyNow), [<NotRun />, <Paths executionId={executionId} steps={onlyNow} />])]),
    ...(onlyThen.length === 0
      ? []
      : [row('only-then', counted(onlyThen), [<Paths executionId={lastGoodId} steps={onlyThen} />, <NotRun />])]),
  ];
}

const NotRun = () => <span class="muted">not run</span>;

function counted(steps: readonly StepDifference[]): string {
  return steps.length === 1 ? 'A step' : plural(steps.length, 'step');
}

const Paths = ({ executionId, steps }: { executionId: string; steps: readonly StepDifference[] }) => (
  <ul>
    {steps.slice(0, MAX_PATHS).map(({ path }) => (
      <li>
        <a href={stepHref(executionId, path)}>
          <Text value={path} max={60} />
        </a>
      </li>
    ))}
    {steps.length > MAX_PATHS ? <li class="muted">and {steps.length - MAX_PATHS} more</li> : null}
  </ul>
);

const Value = ({ value }: { value: Json | undefined }) =>
  value === undefined ? <span class="muted">none</span> : <code>{shownText(JSON.stringify(value), 120)}</code>;

const Step = ({ executionId, record }: { executionId: string; record: StepRecord | undefined }) => {
  if (record === undefined) return <NotRun />;
  return (
    <a class="row" href={stepHref(executionId, record.path)}>
      <StatusBadge status={record.status} />
      {record.status === 'running' || record.status === 'skipped' ? null : (
        <span class="figure">{durationInWords(record.durationMs)}</span>
      )}
    </a>
  );
};

const Criterion = ({ criterion }: { criterion: CriterionResult | undefined }) =>
  criterion === undefined ? (
    <span class="muted">not measured</span>
  ) : (
    <span class="row">
      <BandBadge band={criterion.band} /> <Measured criterion={criterion} />
    </span>
  );
