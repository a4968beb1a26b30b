import type { CriterionResult } from '#engine/record/execution.ts';
import type { Criterion } from '#language/playbook/playbook.ts';
import { Panel, Table } from '../elements/parts.tsx';
import { BandBadge } from '../elements/status.tsx';
import { shownText, Text } from '../elements/text.tsx';

/** What was measured at the end, beside how the definition tells its bands. */
export const CriteriaPanel = ({
  criteria,
  definitions,
}: {
  criteria: readonly CriterionResult[];
  definitions: readonly Criterion[];
}) =>
  criteria.length === 0 ? null : (
    <Panel title="Criteria" id="criteria">
      <Table
        label="Criteria"
        columns={['Criterion', 'Value', 'Band', 'ok when', 'alert when']}
        rows={criteria.map((criterion) => {
          const definition = definitions.find(({ id }) => id === criterion.id);
          return {
            key: `criterion-${criterion.id}`,
            cells: [
              <div class="grow">
                <Text value={criterion.name ?? criterion.id} max={100} />
                {criterion.reason === undefined ? null : (
                  <div class="small muted">
                    <Text value={criterion.reason} max={300} />
                  </div>
                )}
              </div>,
              <Measured criterion={criterion} />,
              <BandBadge band={criterion.band} />,
              <Expression written={definition?.ok} />,
              <Expression written={definition?.alert} />,
            ],
          };
        })}
      />
    </Panel>
  );

/** A measured value with its unit. */
export const Measured = ({ criterion: { value, unit } }: { criterion: CriterionResult }) => {
  if (value === null) return <span class="muted nowrap">no value</span>;
  const shown = typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 4 }) : undefined;
  return (
    <span class={shown === undefined ? undefined : 'figure nowrap'}>
      {shown ?? <Text value={typeof value === 'string' ? value : JSON.stringify(value)} max={80} />}
      {unit === undefined ? null : ` ${shownText(unit, 20)}`}
    </span>
  );
};

const Expression = ({ written }: { written: string | undefined }) =>
  written === undefined ? <span class="muted">–</span> : <code>{shownText(written, 160)}</code>;
