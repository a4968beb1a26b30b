import type { ProblemWords } from './definition-problem.ts';
import { Cron } from 'croner';
import { cronDays, cronProblem } from './cron-grammar.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Schedule } from './playbook.ts';
import { timeZoneProblem } from './time-zone.ts';

const MINUTE_MS = 60_000;
/** Any instant will do for checking whether a cron can ever be due; a fixed one makes the result deterministic. */
const SOME_INSTANT = new Date('2026-01-01T00:00:00.000Z');

/** A problem with a schedule, and the field it concerns. */
export interface ScheduleProblem extends ProblemWords {
  readonly field: keyof Schedule;
}

/** The slot of an instant: the instant truncated to the minute. */
export function slotOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** Everything in a schedule that Cloud Scheduler would refuse; empty if it is valid. */
export function checkSchedule(schedule: Schedule): readonly ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  const zone = timeZoneProblem(schedule.timeZone);
  if (zone !== undefined) problems.push({ field: 'timeZone', ...zone });
  const cron = cronProblem(schedule.cron) ?? neverDue(schedule.cron);
  if (cron !== undefined) problems.push({ field: 'cron', message: cron });
  return problems;
}

/** Where a valid schedule may not mean what it seems to; empty if it is unambiguous. */
export function scheduleWarnings({ cron, timeZone }: Schedule): readonly ScheduleProblem[] {
  const days = cronDays(cron);
  if (days === undefined) return [];
  const { ofMonth, ofWeek, isStepped } = days;
  const either = `on the days ${ofMonth} of the month and also on every day ${ofWeek} of the week`;
  const message = isStepped
    ? `The cron '${cron}' can be read in two ways: due ${either}, as here, or only when both match. Cloud Scheduler does not document which it uses.`
    : `The cron '${cron}' is due ${either}, not only when both match.`;
  const suggestion = `Write * for one of the two, and check the other in a condition, like \`timestamp(now).getDate('${timeZone}') <= 7\` for the first week.`;
  return [{ field: 'cron', message, suggestion }];
}

function neverDue(cron: string): string | undefined {
  const next = cronOf({ cron, timeZone: 'UTC' }).nextRuns(1, SOME_INSTANT);
  return next.length === 0 ? `The cron '${cron}' is never due: no month has that day.` : undefined;
}

/** The latest due instant strictly before `instant`; `undefined` if none exists. Throws on an invalid schedule. */
export function dueBefore(schedule: Schedule, instant: Date): Date | undefined {
  return cronOf(schedule).previousRuns(1, instant)[0];
}

/** The next `count` due instants strictly after `after`, in order. Throws on an invalid schedule. */
export function nextDue(schedule: Schedule, after: Date, count = 1): readonly Date[] {
  return cronOf(schedule).nextRuns(count, after);
}

/**
 * The period that an execution covers. For a slot: from the previous due instant to the slot, so Monday's execution
 * covers the weekend. For a manual start: from the second-latest due instant until now. Without a schedule: the last 24
 * hours.
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
 * A cron with fixed times is due exactly once on each local day: at the first valid minute if the clocks skip its time,
 * at the first of the two if they repeat it. A cron with a `*` or a step in its hours or minutes follows the clock.
 */
function cronOf(schedule: Schedule): Cron {
  return new Cron(schedule.cron, {
    mode: '5-part',
    timezone: schedule.timeZone,
    paused: true,
    fixedTimeRule: 'no-wildcard',
  });
}
