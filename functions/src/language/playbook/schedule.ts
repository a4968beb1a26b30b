import type { ProblemWords } from './definition-problem.ts';
import { Cron } from 'croner';
import { cronDays, cronProblem } from './cron-grammar.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Schedule } from './playbook.ts';
import { timeZoneProblem } from './time-zone.ts';

const MINUTE_MS = 60_000;
/** Any instant would do to ask whether a cron can ever be due; a fixed one keeps the answer the same. */
const SOME_INSTANT = new Date('2026-01-01T00:00:00.000Z');

/** What is wrong with a schedule, and with which of its fields. */
export interface ScheduleProblem extends ProblemWords {
  readonly field: keyof Schedule;
}

/** The slot that an instant belongs to: the instant cut to the minute. */
export function slotOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** Everything about a schedule that Cloud Scheduler would refuse; empty when it is fine. */
export function checkSchedule(schedule: Schedule): readonly ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  const zone = timeZoneProblem(schedule.timeZone);
  if (zone !== undefined) problems.push({ field: 'timeZone', ...zone });
  const cron = cronProblem(schedule.cron) ?? neverDue(schedule.cron);
  if (cron !== undefined) problems.push({ field: 'cron', message: cron });
  return problems;
}

/** Where a valid schedule is read in another way than it looks; empty when there is no doubt. */
export function scheduleWarnings({ cron, timeZone }: Schedule): readonly ScheduleProblem[] {
  const days = cronDays(cron);
  if (days === undefined) return [];
  const { ofMonth, ofWeek, isStepped } = days;
  const either = `on the days ${ofMonth} of the month and also on every day ${ofWeek} of the week`;
  const message = isStepped
    ? `The cron '${cron}' is read in two ways: due ${either}, as here, or only where both hold. Which of them Cloud Scheduler means is not documented.`
    : `The cron '${cron}' is due ${either}, not only where both hold.`;
  const suggestion = `Write * for one of the two, and ask for the other in a condition, like \`timestamp(now).getDate('${timeZone}') <= 7\` for the first week.`;
  return [{ field: 'cron', message, suggestion }];
}

function neverDue(cron: string): string | undefined {
  const next = cronOf({ cron, timeZone: 'UTC' }).nextRuns(1, SOME_INSTANT);
  return next.length === 0 ? `The cron '${cron}' is never due: no month has such a day.` : undefined;
}

/** The latest due instant strictly before `instant`; `undefined` where there is none. Throws on an invalid schedule. */
export function dueBefore(schedule: Schedule, instant: Date): Date | undefined {
  return cronOf(schedule).previousRuns(1, instant)[0];
}

/** The next `count` due instants strictly after `after`, in order. Throws on an invalid schedule. */
export function nextDue(schedule: Schedule, after: Date, count = 1): readonly Date[] {
  return cronOf(schedule).nextRuns(count, after);
}

/**
 * What an execution looks at. For a slot: from the due instant before it up to the slot, so that a weekend belongs to Monday.
 * By hand: from the due instant before the latest one until now. Without a schedule: the last 24 hours.
 */
export function windowOf(
  schedule: Schedule | undefined,
  slot: Date | null,
  now: Date,
): { readonly start: Date; readonly end: Date } {
  const end = slot ?? now;
  const latest = schedule && dueBefore(schedule, end);
  const start = slot === null && schedule !== undefined && latest !== undefined ? dueBefore(schedule, latest) : latest;
  return { start: start ?? new Date(end.getTime() - DAY_MS), end };
}

/**
 * A cron at fixed times is due exactly once on each local day: at the first valid minute where the clocks skip its time, at
 * the first of the two where they repeat it. One with a `*` or a step in its hours or minutes follows the clock.
 */
function cronOf(schedule: Schedule): Cron {
  return new Cron(schedule.cron, {
    mode: '5-part',
    timezone: schedule.timeZone,
    paused: true,
    fixedTimeRule: 'no-wildcard',
  });
}
