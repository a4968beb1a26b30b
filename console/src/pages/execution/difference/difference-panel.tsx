import type { Execution } from '#engine/record/execution.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { rowsOf, type NameOf, type Row } from './difference-rows.tsx';
import { differencesOf, isSame } from './differences.ts';
import { OutputDiffs } from './output-diffs.tsx';

const TITLE = 'Changes since the last OK execution';
const MAX_ROWS = 60;

/** An execution, and the last one of the same playbook that succeeded before it. */
export interface Compared {
  readonly execution: Execution;
  /** The YAML that it ran. */
  readonly source: string | undefined;
  /** Undefined if no earlier execution can be compared. */
  readonly lastGood: Execution | undefined;
  /** The YAML that that one ran, where it was another version. */
  readonly lastGoodSource: string | undefined;
}

interface PanelProps {
  readonly compared: Compared;
  readonly nameOf: NameOf;
  readonly time: ReaderTime;
}

/** What differs from the last execution of the same playbook that succeeded, and nothing else. */
export const DifferencePanel = ({ compared, nameOf, time }: PanelProps) => {
  const { execution, lastGood } = compared;
  if (execution.status === 'running' || execution.status === 'skipped') return null;
  if (lastGood !== undefined) return <Differing compared={compared} lastGood={lastGood} nameOf={nameOf} time={time} />;
  return (
    <Panel title={TITLE} id="difference">
      <Empty>Nothing to compare with: no earlier execution of this playbook succeeded.</Empty>
    </Panel>
  );
};

const Differing = ({ compared, lastGood, nameOf, time }: PanelProps & { lastGood: Execution }) => {
  const { execution } = compared;
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
      <Rows rows={rowsOf(differences, lastGood, execution, nameOf)} />
      {isOtherVersion ? <VersionDiff compared={compared} /> : null}
      {outputs.length === 0 ? null : (
        <OutputDiffs outputs={outputs} lastGood={lastGood} execution={execution} nameOf={nameOf} />
      )}
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

const VersionDiff = ({ compared: { source, lastGoodSource } }: { compared: Compared }) => (
  <details id="version-diff">
    <summary>The definition changed</summary>
    {source === undefined || lastGoodSource === undefined ? (
      <p class="muted">One of the two versions is no longer available.</p>
    ) : (
      <TextDiff before={lastGoodSource} after={source} label="What changed in the definition" />
    )}
  </details>
);
