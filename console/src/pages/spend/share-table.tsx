import type { SpendDay, SpendFigures } from '#records/figures/spend.ts';
import { count, percent, usd } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Table } from '#console/view/elements/parts.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { dayName } from '#console/view/elements/period-name.ts';
import type { Group, SpendShare } from '#console/view/records/spend-sum.ts';

/** Far more than anybody has; what is beyond is said. */
const MAX_ROWS = 100;
const FIGURES = ['Calls', 'Tokens in', 'of them cached', 'Tokens out', 'Cost'];

/** What each playbook, agent or model took, the most expensive first. */
export const ShareTable = ({ kind, group, shares }: { kind: string; group: Group; shares: readonly SpendShare[] }) => (
  <>
    <Table
      label={`Spend by ${kind.toLowerCase()}`}
      columns={[kind, ...FIGURES, 'Share']}
      rows={shares.slice(0, MAX_ROWS).map(({ name, figures, share }) => ({
        key: `${group}-${shownText(name, 100)}`,
        cells: [<Name group={group} name={name} />, ...cellsOf(figures), percent(share)],
      }))}
    />
    {shares.length > MAX_ROWS ? (
      <p class="small muted">{`and ${count(shares.length - MAX_ROWS)} more, in the CSV file`}</p>
    ) : null}
  </>
);

/** What each day took, the latest first. */
export const DayTable = ({ days }: { days: readonly SpendDay[] }) => (
  <Table
    label="Spend by day"
    columns={['Day', ...FIGURES]}
    rows={days.toReversed().map(({ day, total }) => ({ key: day, cells: [dayName(day), ...cellsOf(total)] }))}
  />
);

const Name = ({ group, name }: { group: Group; name: string }) => {
  if (group === 'playbooks') {
    return (
      <a href={`/playbooks/${encodeURIComponent(name)}`}>
        <Text value={name} max={60} />
      </a>
    );
  }
  if (group === 'agents' && name !== 'none') {
    return (
      <a href={hrefOf('/executions', { agent: name })}>
        <Text value={name} max={60} />
      </a>
    );
  }
  return group === 'agents' ? <span class="muted">no agent</span> : <Text value={name} max={60} />;
};

/** The cost says where it is not all. */
function cellsOf({ modelCalls, inputTokens, cacheReadTokens, outputTokens, costUsd, unpriced }: SpendFigures) {
  const isUnknown = unpriced > 0 && unpriced === modelCalls;
  const cost = isUnknown ? 'not known' : `${usd(costUsd)}${unpriced > 0 ? ` and ${count(unpriced)} unpriced` : ''}`;
  return [count(modelCalls), count(inputTokens), count(cacheReadTokens), count(outputTokens), cost].map((text) => (
    <span class="num">{text}</span>
  ));
}
