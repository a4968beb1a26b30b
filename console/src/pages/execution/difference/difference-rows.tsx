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

/** What a step is called, by its path. */
export type NameOf = (path: string) => string;

/** One difference: what differs, how it was, how it is. */
export interface Row {
  readonly key: string;
  readonly cells: readonly Child[];
}

/** The differences of two executions as rows: inputs, steps, criteria. */
export function rowsOf(
  differences: Differences,
  lastGood: Execution,
  execution: Execution,
  nameOf: NameOf,
): readonly Row[] {
  const { inputs, steps, criteria } = differences;
  return [
    ...inputs.map(({ name, before, after }, index) =>
      row(`input-${index}`, named('Input', name), [<Value value={before} />, <Value value={after} />]),
    ),
    ...stepRows(steps, { lastGoodId: lastGood.id, executionId: execution.id, nameOf }),
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

interface StepsOf {
  readonly lastGoodId: string;
  readonly executionId: string;
  readonly nameOf: NameOf;
}

/** A step that both reached, or that failed, has its own row; steps that only one of the two reached share a row. */
function stepRows(steps: readonly StepDifference[], of: StepsOf): readonly Row[] {
  const onlyNow = steps.filter((step) => step.before === undefined && step.after?.status !== 'failed');
  const onlyThen = steps.filter((step) => step.after === undefined);
  const alone = [onlyNow, onlyThen].filter(({ length }) => length > 1).flat();
  return [
    ...steps.filter((step) => !alone.includes(step)).map((step, index) => stepRow(step, index, of)),
    ...(onlyNow.length > 1
      ? [row('only-now', plural(onlyNow.length, 'step'), [<NotRun />, <Names {...of} steps={onlyNow} />])]
      : []),
    ...(onlyThen.length > 1
      ? [row('only-then', plural(onlyThen.length, 'step'), [<Names {...of} steps={onlyThen} isThen />, <NotRun />])]
      : []),
  ];
}

function stepRow({ path, before, after }: StepDifference, index: number, of: StepsOf): Row {
  return row(`changed-${index}`, named('Step', of.nameOf(path)), [
    <Step executionId={of.lastGoodId} record={before} />,
    <Step executionId={of.executionId} record={after} />,
  ]);
}

const NotRun = () => <span class="muted">not run</span>;

interface NamesProps extends StepsOf {
  readonly steps: readonly StepDifference[];
  /** They are those of the earlier execution. */
  readonly isThen?: boolean;
}

const Names = ({ lastGoodId, executionId, nameOf, steps, isThen = false }: NamesProps) => (
  <ul>
    {steps.slice(0, MAX_PATHS).map(({ path }) => (
      <li>
        <a href={stepHref(isThen ? lastGoodId : executionId, path)}>
          <Text value={nameOf(path)} max={60} />
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
