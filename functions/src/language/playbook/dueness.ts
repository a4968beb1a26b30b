import type { Schedule } from './playbook.ts';
import { dueBefore, nextDue } from './schedule.ts';

/**
 * Whether a slot is in a schedule. `due`: it is. `repeated_hour`: the clocks were set back, and this local time, at
 * which the playbook is due once a day, has already occurred. `off_schedule`: the playbook is not due at this time, so
 * the caller uses a different schedule, or the playbook has none.
 */
export type Dueness = 'due' | 'repeated_hour' | 'off_schedule';

/** Throws on an invalid schedule. */
export function duenessOf(schedule: Schedule | undefined, slot: Date): Dueness {
  if (schedule === undefined) return 'off_schedule';
  const [next] = nextDue(schedule, new Date(slot.getTime() - 1));
  if (next?.getTime() === slot.getTime()) return 'due';
  const before = dueBefore(schedule, slot);
  const isRepeated = before !== undefined && wallTime(before, schedule) === wallTime(slot, schedule);
  return isRepeated ? 'repeated_hour' : 'off_schedule';
}

/** The local date and time, to the minute. */
function wallTime(instant: Date, { timeZone }: Schedule): string {
  return instant.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
}
