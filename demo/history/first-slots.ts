import { DAY_MS } from '#core/duration.ts';
import type { Schedule } from '#language/playbook/playbook.ts';
import { dueBefore, slotOf } from '#language/playbook/schedule.ts';

const MINUTE_MS = 60_000;
/** The runner passes over slots of more than a day ago; what is delivered now must arrive before. */
const FRESH_MS = DAY_MS - 5 * MINUTE_MS;

/**
 * The slots that a history may end with for a schedule, the better one first: its latest, unless the runner would pass it
 * over as too old, then the minute it is.
 */
export function firstSlots(schedule: Schedule, now: Date): readonly Date[] {
  const latest = dueBefore(schedule, now);
  const isFresh = latest !== undefined && now.getTime() - latest.getTime() < FRESH_MS;
  return isFresh ? [latest, slotOf(now)] : [slotOf(now)];
}
