import { z } from 'zod';
import type { CriterionResult, FinishedExecution, SkippedExecution } from '#engine/record/execution.ts';
import { DELETE_FIELD, type MergeChange, type Write } from '#ports/documents/documents.ts';
import { bucketOf } from './duration-histogram.ts';
import { dayOf, hourOf } from '../store/utc-periods.ts';

/** The collection of the figures of the playbooks, one document each. */
export const PLAYBOOK_STATISTICS = 'playbook_statistics';

const Count = z.number().default(0);
const outcomes = { succeeded: Count, failed: Count, cancelled: Count, skipped: Count };

/** A criterion on one day: how often it was in which band, and its last value if that is a number or a boolean. */
export const CriterionDay = z.object({
  ok: Count,
  warn: Count,
  alert: Count,
  unknown: Count,
  last: z.union([z.number(), z.boolean()]).optional(),
  /** The end of the last execution that measured it. */
  at: z.date().optional(),
});
export type CriterionDay = z.infer<typeof CriterionDay>;

/** The executions of a playbook that began on one UTC day. */
export const StatisticsDay = z.object({
  ...outcomes,
  /** The sum over all that succeeded or failed. */
  durationMs: Count,
  /** The durations of the same executions, by `bucketOf`. */
  histogram: z.record(z.string(), z.number()).default({}),
  criteria: z.record(z.string(), CriterionDay).default({}),
});
export type StatisticsDay = z.infer<typeof StatisticsDay>;

/** The executions of a playbook that began in one UTC hour. */
export const StatisticsHour = z.object(outcomes);
export type StatisticsHour = z.infer<typeof StatisticsHour>;

/**
 * The figures of one playbook, by `2026-11-20` and `2026-11-20T14`. Every execution that ended is in them exactly once.
 * `playbook_statistics/{playbookId}` holds those of the present day and the hours; `moveEarlierDays` takes the others
 * elsewhere, and `loadStatistics` reads them together. An earlier version left all days in this document.
 */
export const PlaybookStatistics = z.object({
  playbookId: z.string(),
  days: z.record(z.string(), StatisticsDay).default({}),
  hours: z.record(z.string(), StatisticsHour).default({}),
});
export type PlaybookStatistics = z.infer<typeof PlaybookStatistics>;

/**
 * Adds an execution to the figures of its playbook. Use it only in the commit that ends the execution or creates a skipped
 * one: that commit happens once, so the figures are exact.
 */
export function statisticsWrite(execution: FinishedExecution | SkippedExecution): Write {
  const { playbookId, startedAt, status } = execution;
  const day = ['days', dayOf(startedAt)];
  const changes: MergeChange[] = [
    { field: ['playbookId'], value: playbookId },
    { field: [...day, status], increment: 1 },
    { field: ['hours', hourOf(startedAt), status], increment: 1 },
  ];
  if (execution.status !== 'skipped') {
    changes.push(
      { field: [...day, 'durationMs'], increment: execution.duration },
      { field: [...day, 'histogram', bucketOf(execution.duration)], increment: 1 },
      ...criteriaChanges(day, execution),
    );
  }
  return { kind: 'merge', path: statisticsPath(playbookId), changes };
}

/** The path of the figures of a playbook. */
export function statisticsPath(playbookId: string): string {
  return `${PLAYBOOK_STATISTICS}/${playbookId}`;
}

function criteriaChanges(
  day: readonly string[],
  { criteria, completedAt }: Pick<FinishedExecution, 'criteria' | 'completedAt'>,
): MergeChange[] {
  // A field cannot be changed twice in a write: of criteria that share an id, the last one counts.
  const byId = new Map(criteria.map((criterion) => [criterion.id, criterion]));
  return [...byId].flatMap(([id, { band, value }]): MergeChange[] => {
    const field = [...day, 'criteria', id];
    return [
      { field: [...field, band], increment: 1 },
      { field: [...field, 'last'], value: shownValue(value) },
      { field: [...field, 'at'], value: completedAt },
    ];
  });
}

function shownValue(value: CriterionResult['value']): number | boolean | typeof DELETE_FIELD {
  return typeof value === 'number' || typeof value === 'boolean' ? value : DELETE_FIELD;
}
