import type { Child } from 'hono/jsx';
import { durationInWords } from '#core/duration.ts';
import type { CriterionResult, Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { Json } from '#core/json.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { BandBadge, StatusBadge } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { Measured } from '#console/view/records/criteria-panel.tsx';
import { differencesOf, isSame, type Differences, type OutputDifference, type StepDifference } from './differences.ts';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';
import type { ExecutionView } from './load-execution-view.ts';

const MAX_ROWS = 60;
const MAX_OUTPUT_DIFFS = 5;
const MAX_DIFF_CHARS = 20_000;

/** What differs from the last execution of the same playbook that went well; nothing else. */
export const DifferencePanel = ({ view, time }: { view: ExecutionView; time: ReaderTime }) => {
  const { execution, lastGood } = view;
  if (execution.status === 'running' || execution.status === 'skipped') return null;
  if (lastGood === undefined) {
    return (
      <Panel title="Compared with the last good execution" id="difference">
        <Empty>No earlier execution of this playbook succeeded, so there is nothing to compare with.</Empty>
      </Panel>
    );
  }
  const differences = differencesOf(lastGood, execution);
  const rows = rowsOf(differences, lastGood, execution);
  return (
    <Panel
      title="Compared with the last good execution"
      id="difference"
      aside={
        <a href={executionHref(lastGood.id)}>
          <Time at={lastGood.startedAt} {...time} absolute />
        </a>
      }
    >
      {isSame(differences) ? <Empty>Nothing differs.</Empty> : null}
      {rows.length === 0 ? null : (
        <Table label="What differs" columns={['What', 'Last good', 'This one']} rows={rows.slice(0, MAX_ROWS)} />
      )}
      {rows.length > MAX_ROWS ? <p class="muted small">{plural(rows.length - MAX_ROWS, 'more difference')}.</p> : null}
      {differences.isOtherVersion ? <VersionDiff view={view} /> : null}
      {differences.outputs.length === 0 ? null : (
        <Outputs outputs={differences.outputs} lastGood={lastGood} execution={execution} />
      )}
    </Panel>
  );
};

interface Row {
  readonly key: string;
  readonly cells: readonly Child[];
}

function rowsOf({ inputs, steps, criteria }: Differences, lastGood: Execution, execution: Execution): readonly Row[] {
  return [
    ...inputs.map(({ name, before, after }, index) => ({
      key: `input-${index}`,
      cells: [
        <span>
          Input <Text value={name} max={60} />
        </span>,
        <Value value={before} />,
        <Value value={after} />,
      ],
    })),
    ...stepDifferences(steps, lastGood.id, execution.id),
    ...criteria.map(({ name, before, after }, index) => ({
      key: `criterion-${index}`,
      cells: [
        <span>
          Criterion <Text value={name} max={80} />
        </span>,
        <Criterion criterion={before} />,
        <Criterion criterion={after} />,
      ],
    })),
  ];
}

/** A step that both came to, or that failed, has a row of its own; those that only one of the two came to share one. */
function stepDifferences(steps: readonly StepDifference[], lastGoodId: string, executionId: string): readonly Row[] {
  const isAlone = ({ before, after }: StepDifference): boolean =>
    after?.status === 'failed' || (before !== undefined && after !== undefined);
  const onlyNow = steps.filter((step) => step.before === undefined && !isAlone(step));
  const onlyThen = steps.filter((step) => step.after === undefined);
  const none = <span class="muted">not begun</span>;
  return [
    ...steps.filter(isAlone).map(({ path, before, after }, index) => ({
      key: `changed-${index}`,
      cells: [
        <span>
          Step <Text value={path} max={80} />
        </span>,
        <Step executionId={lastGoodId} record={before} />,
        <Step executionId={executionId} record={after} />,
      ],
    })),
    ...(onlyNow.length === 0
      ? []
      : [{ key: 'only-now', cells: [counted(onlyNow), none, <Paths executionId={executionId} steps={onlyNow} />] }]),
    ...(onlyThen.length === 0
      ? []
      : [{ key: 'only-then', cells: [counted(onlyThen), <Paths executionId={lastGoodId} steps={onlyThen} />, none] }]),
  ];
}

function counted(steps: readonly StepDifference[]): string {
  return steps.length === 1 ? 'A step' : plural(steps.length, 'step');
}

const Paths = ({ executionId, steps }: { executionId: string; steps: readonly StepDifference[] }) => (
  <ul>
    {steps.slice(0, MAX_ROWS).map(({ path }) => (
      <li>
        <a href={stepHref(executionId, path)}>
          <Text value={path} max={60} />
        </a>
      </li>
    ))}
    {steps.length > MAX_ROWS ? <li class="muted">and {steps.length - MAX_ROWS} more</li> : null}
  </ul>
);

const Value = ({ value }: { value: Json | undefined }) =>
  value === undefined ? <span class="muted">none</span> : <code>{shownText(JSON.stringify(value), 120)}</code>;

const Step = ({ executionId, record }: { executionId: string; record: StepRecord | undefined }) => {
  if (record === undefined) return <span class="muted">not begun</span>;
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

const VersionDiff = ({ view: { source, lastGoodSource } }: { view: ExecutionView }) => (
  <details id="version-diff">
    <summary>The definition was another version</summary>
    {source === undefined || lastGoodSource === undefined ? (
      <p class="muted">One of the two versions is not kept any more.</p>
    ) : (
      <TextDiff before={lastGoodSource} after={source} label="What changed in the definition" />
    )}
  </details>
);

const Outputs = ({
  outputs,
  lastGood,
  execution,
}: {
  outputs: readonly OutputDifference[];
  lastGood: Execution;
  execution: Execution;
}) => (
  <details id="output-diffs">
    <summary>{plural(outputs.length, 'step')} left another output</summary>
    <ul class="stack">
      {outputs.slice(0, MAX_ROWS).map(({ path, before, after }, index) => (
        <li class="stack">
          <p>
            <a href={stepHref(execution.id, path)}>
              <Text value={path} max={80} />
            </a>{' '}
            <a class="small muted" href={stepHref(lastGood.id, path)}>
              then
            </a>
          </p>
          {index < MAX_OUTPUT_DIFFS && before !== undefined && after !== undefined ? (
            <OutputDiff path={path} before={before} after={after} />
          ) : null}
        </li>
      ))}
    </ul>
  </details>
);

const OutputDiff = ({ path, before, after }: { path: string; before: Json; after: Json }) => {
  const [old, now] = [JSON.stringify(before, undefined, 2), JSON.stringify(after, undefined, 2)];
  if (Math.max(old.length, now.length) > MAX_DIFF_CHARS) {
    return <p class="muted small">Too long to be compared here.</p>;
  }
  return <TextDiff before={old} after={now} label={`What changed in the output of ${shownText(path, 60)}`} />;
};
