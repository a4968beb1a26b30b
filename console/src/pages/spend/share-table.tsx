import type { SpendDay, SpendFigures } from '#records/figures/spend.ts';
import { count, percent, usd } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Table } from '#console/view/elements/parts.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { dayName } from '#console/view/elements/period-name.ts';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { sharesOf, type Group } from '#console/view/records/spend-sum.ts';
import { shownName, type SpendView } from './spend-view.ts';

/** Far more than anyone has; the page says what is left out. */
const MAX_ROWS = 100;
const FIGURES = ['Calls', 'Tokens in', 'Cached', 'Tokens out', 'Cost'];
const COLUMNS: Readonly<Record<Group, string>> = { playbooks: 'Playbook', agents: 'Agent', models: 'Model' };

/** What each playbook, agent or model cost, the most expensive first. */
export const ShareTable = ({ view, group }: { view: SpendView; group: Group }) => {
  const shares = sharesOf(view.days, group);
  return (
    <>
      <Table
        label={`Spend by ${COLUMNS[group].toLowerCase()}`}
        columns={[COLUMNS[group], ...FIGURES, 'Share']}
        rows={shares.slice(0, MAX_ROWS).map(({ name, figures, share }) => ({
          key: `${group}-${shownText(name, 100)}`,
          cells: [<Name view={view} group={group} name={name} />, ...cellsOf(figures), percent(share)],
        }))}
      />
      {shares.length > MAX_ROWS ? (
        <p class="small muted">{`and ${count(shares.length - MAX_ROWS)} more in the CSV file`}</p>
      ) : null}
    </>
  );
};

/** What each day cost, the latest first. */
export const DayTable = ({ days }: { days: readonly SpendDay[] }) => (
  <Table
    label="Spend by day"
    columns={['Day', ...FIGURES]}
    rows={days.toReversed().map(({ day, total }) => ({ key: day, cells: [dayName(day), ...cellsOf(total)] }))}
  />
);

const Name = ({ view, group, name }: { view: SpendView; group: Group; name: string }) => {
  if (group === 'agents' && name === 'none') return <span class="muted">no agent</span>;
  const shown = <Text value={shownName(view, group, name)} max={60} />;
  if (group === 'models') return shown;
  return <a href={group === 'playbooks' ? playbookHref(name) : hrefOf('/executions', { agent: name })}>{shown}</a>;
};

/** The cost says where it is incomplete. */
function cellsOf({ modelCalls, inputTokens, cacheReadTokens, outputTokens, costUsd, unpriced }: SpendFigures) {
  const isUnknown = unpriced > 0 && unpriced === modelCalls;
  const cost = isUnknown ? 'unknown' : `${usd(costUsd)}${unpriced > 0 ? ` and ${count(unpriced)} unpriced` : ''}`;
  return [count(modelCalls), count(inputTokens), count(cacheReadTokens), count(outputTokens), cost].map((text) => (
    <span class="num">{text}</span>
  ));
}
