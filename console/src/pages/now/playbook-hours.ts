import type { z } from 'zod';
import type { Documents } from '#ports/documents/documents.ts';
import { parsedRecord } from '#records/store/parsed-record.ts';
import { PLAYBOOK_STATISTICS, PlaybookStatistics, type StatisticsHour } from '#records/figures/playbook-statistics.ts';
import { queryPage, type Page } from '#records/store/query-page.ts';
import { lastHours } from '#records/store/utc-periods.ts';
import { hourStart } from '#console/view/elements/period-name.ts';

/** How the hours of one playbook went. */
export const PlaybookHours = PlaybookStatistics.pick({ playbookId: true, hours: true });
export type PlaybookHours = z.infer<typeof PlaybookHours>;

/** One hour of a playbook: `2026-11-20T14`, UTC. */
export interface HourCell extends StatisticsHour {
  readonly hour: string;
}

/** How many executions ended how. */
export type Outcomes = StatisticsHour;

const CELLS = 24;

/** The hours of the first playbooks by id, in one query that leaves out their days. Throws `unavailable`. */
export function loadPlaybookHours(documents: Documents, limit: number): Promise<Page<PlaybookHours>> {
  const query = { collection: PLAYBOOK_STATISTICS, orderBy: [], select: Object.keys(PlaybookHours.shape) };
  return queryPage(documents, query, { limit }, (stored) => parsedRecord(PlaybookHours, stored));
}

/** When the first of the 24 cells begins: what happened since then is in them. */
export function cellsBegin(now: Date): Date {
  return hourStart(lastHours(now, CELLS)[0] ?? '');
}

/** The present hour and the 23 before it, the oldest first. */
export function cellsOf(hours: PlaybookHours['hours'], now: Date): readonly HourCell[] {
  return lastHours(now, CELLS).map((hour) => ({ hour, ...(hours[hour] ?? NONE) }));
}

/** Adds up what cells or totals say. */
export function sumOf(parts: readonly Outcomes[]): Outcomes {
  return parts.reduce(
    (sum, one) => ({
      succeeded: sum.succeeded + one.succeeded,
      failed: sum.failed + one.failed,
      cancelled: sum.cancelled + one.cancelled,
      skipped: sum.skipped + one.skipped,
    }),
    NONE,
  );
}

/** All of them together. */
export function countOf({ succeeded, failed, cancelled, skipped }: Outcomes): number {
  return succeeded + failed + cancelled + skipped;
}

const NONE: Outcomes = { succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };
