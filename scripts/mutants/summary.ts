import { areaOf } from './areas.ts';
import type { Outcome, Tried } from './outcome.ts';

type Counts = Readonly<Record<Outcome['status'], number>>;

/** How many mutants of an area came to which end. */
export interface AreaSummary {
  readonly area: string;
  readonly counts: Counts;
  /** The named ones among those that can be named, from 0 to 1; 1 if there are none. */
  readonly share: number;
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
  const seen = counts.named + counts.hung + counts.refused;
  const all = seen + counts.survived;
  return { area, counts, share: all === 0 ? 1 : seen / all };
}
