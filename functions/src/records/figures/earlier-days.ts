import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import {
  DELETE_FIELD,
  type Documents,
  type FieldChange,
  type TimeLimit,
  type Write,
} from '#ports/documents/documents.ts';
import { toDocument } from '../store/document-json.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { dayOf, hourOf } from '../store/utc-periods.ts';
import { PlaybookStatistics, StatisticsDay, statisticsPath } from './playbook-statistics.ts';
import { sumOfBoth } from './statistics-days.ts';

/** The minimum time that figures are kept. */
const KEPT_DAYS = 63;
const KEPT_HOURS = 49;

/** The days before the present one: `playbook_statistics/{playbookId}/playbook_points/days`. */
export const EarlierDays = z.object({ days: z.record(z.string(), StatisticsDay).default({}) });
export type EarlierDays = z.infer<typeof EarlierDays>;

/** The path of the earlier days of a playbook. */
export function earlierDaysPath(playbookId: string): string {
  return `${statisticsPath(playbookId)}/playbook_points/days`;
}

/**
 * Moves the figures of all days before that of `now` out of the document that every end of an execution writes, and
 * forgets those that are too old, so that an end costs the same however long a playbook has been running. One commit,
 * only if that document has not changed since it was read: no figure is lost or counted twice, however many move them
 * at the same time, and whichever answers are lost. Two reads at most, and no write if nothing is to be moved. `limit`
 * applies to each call. Throws `unavailable`, also if the document has changed meanwhile, and `internal` if one is damaged.
 */
export async function moveEarlierDays(
  documents: Pick<Documents, 'get' | 'commit'>,
  { playbookId, now }: { readonly playbookId: string; readonly now: Date },
  limit?: TimeLimit,
): Promise<void> {
  const current = await reachable(documents.get(statisticsPath(playbookId), limit));
  if (current === undefined) return;
  const { days, hours } = parsedRecord(PlaybookStatistics, current);
  const moved = Object.entries(days).filter(([day]) => day < dayOf(now));
  const oldestHour = hourOf(new Date(now.getTime() - ((KEPT_HOURS - 1) * DAY_MS) / 24));
  const removed = [
    ...moved.map(([day]) => ['days', day]),
    ...Object.keys(hours).flatMap((hour) => (hour < oldestHour ? [['hours', hour]] : [])),
  ];
  if (removed.length === 0) return;
  const changes = removed.map((field): FieldChange => ({ field, value: DELETE_FIELD }));
  const { path, updateTime } = current;
  const removal: Write = { kind: 'update', path, changes, ifUpdateTime: updateTime };
  const additions = moved.length === 0 ? [] : [await addition(documents, { playbookId, moved, now }, limit)];
  await reachable(documents.commit([removal, ...additions], limit));
}

interface Move {
  readonly playbookId: string;
  readonly moved: readonly (readonly [day: string, figures: StatisticsDay])[];
  readonly now: Date;
}

/** The whole document anew. It needs no condition: nobody else writes it without changing the one that days are removed from. */
async function addition(
  documents: Pick<Documents, 'get'>,
  { playbookId, moved, now }: Move,
  limit: TimeLimit | undefined,
): Promise<Write> {
  const path = earlierDaysPath(playbookId);
  const stored = await reachable(documents.get(path, limit));
  const before = stored === undefined ? {} : parsedRecord(EarlierDays, stored).days;
  const oldestDay = dayOf(new Date(now.getTime() - (KEPT_DAYS - 1) * DAY_MS));
  const kept = Object.entries(sumOfBoth(before, Object.fromEntries(moved))).filter(([day]) => day >= oldestDay);
  return { kind: 'set', path, data: { playbookId, days: toDocument(Object.fromEntries(kept), 1) } };
}
