import { measuredInWords } from '#core/measured-words.ts';
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
                {criterion.reason === undefined ? null : <Reason of={criterion.reason} />}
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

/**
 * Why nothing was measured: words with the expression before them in backticks or on a line below. The mark below that, which
 * points into it, is left out: it needs lines.
 */
const Reason = ({ of }: { of: string }) => {
  const [line = '', below] = of.split('\n');
  const [, before, words = line] = /^`(.*)` (.*)$/.exec(line) ?? [];
  return (
    <div class="small muted">
      {before === undefined ? null : <code>{shownText(before, 300)}</code>} <Text value={words} max={300} />{' '}
      {below === undefined ? null : <code>{shownText(below, 300)}</code>}
    </div>
  );
};

/** A measured value with its unit. */
export const Measured = ({ criterion: { value, unit } }: { criterion: CriterionResult }) => {
  if (value === null) return <span class="muted nowrap">no value</span>;
  return (
    <span class={typeof value === 'number' ? 'figure nowrap' : undefined}>
      <Text value={measuredInWords(value, unit)} max={100} />
    </span>
  );
};

/** A condition as it is written, and in words where it does not depend on anything. */
export const Expression = ({ written }: { written: string | undefined }) => {
  if (written === undefined) return <span class="muted">–</span>;
  const always = ALWAYS.get(written.trim());
  return always === undefined ? <code>{shownText(written, 160)}</code> : <span class="muted">{always}</span>;
};

const ALWAYS: ReadonlyMap<string, string> = new Map([
  ['true', 'always'],
  ['false', 'never'],
]);
