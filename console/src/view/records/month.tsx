import type { PlaybookStatistics } from '#records/figures/playbook-statistics.ts';
import { sumOfDays, type StatisticsSum } from '#records/figures/statistics-sum.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import { Sparkline, Strip } from '../elements/charts.tsx';
import { plural } from '../elements/figures.tsx';
import type { Tone } from '../elements/status.tsx';

const DAYS = 30;

/** The figures of one day, UTC. */
export interface DayFigures extends StatisticsSum {
  /** `2026-11-20`. */
  readonly day: string;
}

/** The last 30 days of a playbook: together, and day by day from the oldest on. */
export interface Month {
  readonly sum: StatisticsSum;
  readonly days: readonly DayFigures[];
}

/** The figures of the day of `now` and the 29 days before it. */
export function monthOf(statistics: Pick<PlaybookStatistics, 'days'>, now: Date): Month {
  const days = lastDays(now, DAYS);
  return {
    sum: sumOfDays(statistics, days),
    days: days.map((day) => ({ day, ...sumOfDays(statistics, [day]) })),
  };
}

/** A cell for each day, by how its executions ended. */
export const SuccessStrip = ({ month: { sum, days } }: { month: Month }) => (
  <Strip
    label={`30 days: ${sum.succeeded} succeeded, ${sum.failed} failed, ${sum.skipped} skipped`}
    cells={days.map((figures) => ({ tone: toneOf(figures), title: dayInWords(figures) }))}
  />
);

/** The durations of the days as a line. */
export const DurationSpark = ({ month, of, label }: { month: Month; of: 'p50Ms' | 'p95Ms'; label: string }) => (
  <Sparkline label={label} values={month.days.map((figures) => figures[of])} />
);

/** What a day came to: `2026-11-20: 23 succeeded, 1 failed`. */
export function dayInWords({ day, succeeded, failed, skipped }: DayFigures): string {
  if (succeeded + failed + skipped === 0) return `${day}: nothing ran`;
  const parts = Object.entries({ succeeded, failed, skipped }).filter(([, count]) => count > 0);
  return `${day}: ${parts.map(([word, count]) => `${count} ${word}`).join(', ')}`;
}

/** How many executions there were that ran. */
export function executionsInWords({ succeeded, failed }: StatisticsSum): string {
  return plural(succeeded + failed, 'execution');
}

function toneOf({ succeeded, failed, skipped }: DayFigures): Tone | 'none' {
  if (failed > 0) return succeeded > 0 ? 'warn' : 'alert';
  if (succeeded > 0) return 'ok';
  return skipped > 0 ? 'quiet' : 'none';
}
