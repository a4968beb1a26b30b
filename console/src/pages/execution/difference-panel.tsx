import type { Execution } from '#engine/record/execution.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { rowsOf, type Row } from './difference-rows.tsx';
import { differencesOf, isSame } from './differences.ts';
import type { ExecutionView } from './load-execution-view.ts';
import { OutputDiffs } from './output-diffs.tsx';

const TITLE = 'Changes since the last OK execution';
const MAX_ROWS = 60;

/** What differs from the last execution of the same playbook that succeeded, and nothing else. */
export const DifferencePanel = ({ view, time }: { view: ExecutionView; time: ReaderTime }) => {
  const { execution, lastGood } = view;
  if (execution.status === 'running' || execution.status === 'skipped') return null;
  if (lastGood !== undefined) return <Compared view={view} lastGood={lastGood} time={time} />;
  return (
    <Panel title={TITLE} id="difference">
      <Empty>Nothing to compare with: no earlier execution of this playbook succeeded.</Empty>
    </Panel>
  );
};

const Compared = ({ view, lastGood, time }: { view: ExecutionView; lastGood: Execution; time: ReaderTime }) => {
  const { execution } = view;
  const differences = differencesOf(lastGood, execution);
  const { outputs, isOtherVersion } = differences;
  const against = (
    <a href={executionHref(lastGood.id)}>
      <Time at={lastGood.startedAt} {...time} absolute />
    </a>
  );
  return (
    <Panel title={TITLE} id="difference" aside={against}>
      {isSame(differences) ? <Empty>No differences.</Empty> : null}
      <Rows rows={rowsOf(differences, lastGood, execution)} />
      {isOtherVersion ? <VersionDiff view={view} /> : null}
      {outputs.length === 0 ? null : <OutputDiffs outputs={outputs} lastGood={lastGood} execution={execution} />}
    </Panel>
  );
};

const Rows = ({ rows }: { rows: readonly Row[] }) =>
  rows.length === 0 ? null : (
    <>
      <Table label="Differences" columns={['Item', 'Last OK', 'This one']} rows={rows.slice(0, MAX_ROWS)} />
      {rows.length > MAX_ROWS ? <p class="muted small">{plural(rows.length - MAX_ROWS, 'more difference')}.</p> : null}
    </>
  );

const VersionDiff = ({ view: { source, lastGoodSource } }: { view: ExecutionView }) => (
  <details id="version-diff">
    <summary>The definition changed</summary>
    {source === undefined || lastGoodSource === undefined ? (
      <p class="muted">One of the two versions is no longer available.</p>
    ) : (
      <TextDiff before={lastGoodSource} after={source} label="What changed in the definition" />
    )}
  </details>
);
