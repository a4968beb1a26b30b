import type { SpendDay, SpendFigures } from '#records/figures/spend.ts';
import { csvLine } from '#console/view/elements/csv.ts';
import { GROUPS } from '#console/view/records/spend-sum.ts';

const COLUMNS = [
  'day_utc',
  'kind',
  'name',
  'model_calls',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'cost_usd',
  'calls_without_price',
];
const KINDS = { playbooks: 'playbook', agents: 'agent', models: 'model' } as const;

/**
 * The spend of some days as a CSV file: for each day with model calls its total, and then each playbook, agent and model.
 * The rows of one kind add up to the total. Spreadsheets get the mark by which they know UTF-8.
 */
export function spendCsv(days: readonly SpendDay[]): string {
  const used = days.filter(({ total }) => total.modelCalls > 0);
  const lines = used.flatMap((day) => [
    csvLine([day.day, 'total', '', ...cellsOf(day.total)]),
    ...GROUPS.flatMap((group) =>
      Object.entries(day[group]).map(([name, figures]) => csvLine([day.day, KINDS[group], name, ...cellsOf(figures)])),
    ),
  ]);
  return `\ufeff${csvLine(COLUMNS)}${lines.join('')}`;
}

function cellsOf(figures: SpendFigures): readonly number[] {
  const { modelCalls, inputTokens, cacheReadTokens, outputTokens, costUsd, unpriced } = figures;
  return [modelCalls, inputTokens, cacheReadTokens, outputTokens, costUsd, unpriced];
}
