import type { SpendDay, SpendFigures } from '#records/figures/spend.ts';
import { plural, usd } from '#console/view/elements/figures.tsx';

/** As many members have a colour of their own; the rest shares the last one. */
export const OWN_COLOURS = 4;
/** The height of the chart in units of its drawing. */
export const HEIGHT = 100;

const LEAST_HEIGHT = 0.8;

/** What the columns show, and the words for it. */
export interface Measure {
  readonly isMoney: boolean;
  valueOf(figures: SpendFigures): number;
  inWords(value: number): string;
}

/** Money; calls where no price is known at all. */
export function measureOf(days: readonly SpendDay[]): Measure {
  return days.some(({ total }) => total.costUsd > 0)
    ? { isMoney: true, valueOf: ({ costUsd }) => costUsd, inWords: usd }
    : { isMoney: false, valueOf: ({ modelCalls }) => modelCalls, inWords: (value) => plural(value, 'call') };
}

/** A part of a column: its colour, and its value. */
export interface ColumnPart {
  readonly series: number;
  readonly value: number;
}

/** The parts of one column from below: `figures` are those of a day by member, `members` sets the order of the colours. */
export function partsOf(
  figures: Readonly<Record<string, SpendFigures>>,
  members: readonly string[],
  measure: Measure,
): readonly ColumnPart[] {
  const values = Object.entries(figures).map(([name, one]) => ({
    series: Math.min(OWN_COLOURS, members.indexOf(name)),
    value: measure.valueOf(one),
  }));
  return [...Map.groupBy(values, ({ series }) => series)]
    .map(([series, parts]) => ({ series, value: parts.reduce((sum, { value }) => sum + value, 0) }))
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => a.series - b.series);
}

/** Where the parts of a column lie, in units of the drawing. */
export function stacked(parts: readonly ColumnPart[], scale: number) {
  let top = HEIGHT;
  return parts.map(({ series, value }) => {
    const height = Math.max(LEAST_HEIGHT, value * scale);
    top -= height;
    return { series, y: top.toFixed(2), height: height.toFixed(2) };
  });
}
