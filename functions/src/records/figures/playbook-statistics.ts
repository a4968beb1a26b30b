import { z } from 'zod';
import type { CriterionResult, FinishedExecution, SkippedExecution } from '#engine/record/execution.ts';
import { DAY_MS } from '#core/duration.ts';
import { DELETE_FIELD } from '#ports/documents/documents.ts';
import type { Documents, MergeChange, Write } from '#ports/documents/documents.ts';
import { bucketOf } from './duration-histogram.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { dayOf, hourOf, lastDays, lastHours } from '../store/utc-periods.ts';

/** The collection of the figures of the playbooks, one document each. */
export const PLAYBOOK_STATISTICS = 'playbook_statistics';

/** Figures are kept for this long at least; what is older goes when an execution ends. */
const KEPT_DAYS = 63;
const KEPT_HOURS = 49;
/** How far back beyond that each end looks for what is old. */
const FORGOTTEN_DAYS = 8;
const FORGOTTEN_HOURS = 24;

const Count = z.number().default(0);
const outcomes = { succeeded: Count, failed: Count, skipped: Count };

/** What one criterion came to on one day: how often in which band, and the last value if it was a figure or a truth. */
export const CriterionDay = z.object({
  ok: Count,
  warn: Count,
  alert: Count,
  unknown: Count,
  last: z.union([z.number(), z.boolean()]).optional(),
  /** When the last execution that measured it ended. */
  at: z.date().optional(),
});
export type CriterionDay = z.infer<typeof CriterionDay>;

/** The executions of a playbook that began on one day, UTC. */
export const StatisticsDay = z.object({
  ...outcomes,
  /** Of all that succeeded or failed, together. */
  durationMs: Count,
  /** Of the same, by `bucketOf`. */
  histogram: z.record(z.string(), z.number()).default({}),
  criteria: z.record(z.string(), CriterionDay).default({}),
});
export type StatisticsDay = z.infer<typeof StatisticsDay>;

/** The executions of a playbook that began in one hour, UTC. */
export const StatisticsHour = z.object(outcomes);
export type StatisticsHour = z.infer<typeof StatisticsHour>;

/**
 * The figures of one playbook: `playbook_statistics/{playbookId}`, by `2026-11-20` and `2026-11-20T14`. Every execution
 * that ended is in them exactly once. With ten criteria and an execution every hour it takes 60 to 100 kB.
 */
export const PlaybookStatistics = z.object({
  playbookId: z.string(),
  days: z.record(z.string(), StatisticsDay).default({}),
  hours: z.record(z.string(), StatisticsHour).default({}),
});
export type PlaybookStatistics = z.infer<typeof PlaybookStatistics>;

/**
 * Adds an execution to the figures of its playbook. It belongs into the commit that ends the execution, or creates a
 * skipped one, and nowhere else: that commit happens once, and so the figures are exact.
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
  return {
    kind: 'merge',
    path: `${PLAYBOOK_STATISTICS}/${playbookId}`,
    changes: [...changes, ...forgotten(startedAt)],
  };
}

/** The figures of one playbook, in one read; empty where it never ended. Throws `unavailable`, and `internal` if damaged. */
export async function loadStatistics(documents: Documents, playbookId: string): Promise<PlaybookStatistics> {
  const stored = await reachable(documents.get(`${PLAYBOOK_STATISTICS}/${playbookId}`));
  return stored === undefined ? { playbookId, days: {}, hours: {} } : parsedRecord(PlaybookStatistics, stored);
}

function criteriaChanges(
  day: readonly string[],
  { criteria, completedAt }: Pick<FinishedExecution, 'criteria' | 'completedAt'>,
): MergeChange[] {
  // No field may be changed twice: of criteria that share an id, the last one counts.
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

/** What an execution that began now leaves behind: figures older than anybody asks for. */
function forgotten(startedAt: Date): MergeChange[] {
  const days = lastDays(new Date(startedAt.getTime() - KEPT_DAYS * DAY_MS), FORGOTTEN_DAYS);
  const hours = lastHours(new Date(startedAt.getTime() - (KEPT_HOURS * DAY_MS) / 24), FORGOTTEN_HOURS);
  return [...days.map((day) => ['days', day]), ...hours.map((hour) => ['hours', hour])].map((field) => ({
    field,
    value: DELETE_FIELD,
  }));
}
