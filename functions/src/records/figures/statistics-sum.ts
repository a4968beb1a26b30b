import { percentile } from './duration-histogram.ts';
import type { PlaybookStatistics } from './playbook-statistics.ts';

/** The figures of a playbook's executions over several days. */
export interface StatisticsSum {
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  /** From 0 to 1, of the executions that succeeded or failed; null when none did. */
  readonly successRate: number | null;
  /** Durations of those that succeeded or failed, in ms; null when none did. p50 and p95 are within 6 %. */
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Adds up the figures of these days (`2026-11-20`, as `lastDays` returns them); a day without figures adds nothing. */
export function sumOfDays({ days }: Pick<PlaybookStatistics, 'days'>, wanted: readonly string[]): StatisticsSum {
  const histogram: Record<string, number> = {};
  const sum = { succeeded: 0, failed: 0, skipped: 0, durationMs: 0 };
  for (const day of wanted.flatMap((name) => days[name] ?? [])) {
    sum.succeeded += day.succeeded;
    sum.failed += day.failed;
    sum.skipped += day.skipped;
    sum.durationMs += day.durationMs;
    for (const [bucket, count] of Object.entries(day.histogram)) histogram[bucket] = (histogram[bucket] ?? 0) + count;
  }
  const { succeeded, failed, skipped, durationMs } = sum;
  const finished = succeeded + failed;
  return {
    succeeded,
    failed,
    skipped,
    successRate: finished === 0 ? null : succeeded / finished,
    meanMs: finished === 0 ? null : durationMs / finished,
    p50Ms: percentile(histogram, 0.5),
    p95Ms: percentile(histogram, 0.95),
  };
}
