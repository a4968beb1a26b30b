import { areaOf } from './areas.ts';
import type { Outcome, Tried } from './outcome.ts';

type Counts = Readonly<Record<Outcome['status'], number>>;

/** How many mutants of an area came to which end. */
export interface AreaSummary {
  readonly area: string;
  /** How many were planted: those that are not refused, and not equivalent. */
  readonly planted: number;
  readonly counts: Counts;
  /** The named ones among the planted, rounded down; 100 if there are none. One that hangs the tests is named by that. */
  readonly percent: number;
}

/** One summary per area, by name. */
export function summaries(tried: readonly Tried[]): readonly AreaSummary[] {
  const areas = Map.groupBy(tried, ({ mutant }) => areaOf(mutant.file));
  return [...areas].map(([area, ofArea]) => summaryOf(area, ofArea)).toSorted((a, b) => (a.area < b.area ? -1 : 1));
}

/** The summary of all areas together. */
export function total(tried: readonly Tried[]): AreaSummary {
  return summaryOf('all', tried);
}

function summaryOf(area: string, tried: readonly Tried[]): AreaSummary {
  const counts = { named: 0, hung: 0, refused: 0, equivalent: 0, survived: 0 };
  for (const { outcome } of tried) counts[outcome.status] += 1;
  const planted = counts.named + counts.hung + counts.survived;
  const percent = planted === 0 ? 100 : Math.floor((100 * (counts.named + counts.hung)) / planted);
  return { area, planted, counts, percent };
}
