import { DAY_MS } from '#core/duration.ts';
import type { Schedule } from '#language/playbook/playbook.ts';
import { dueBefore, slotOf } from '#language/playbook/schedule.ts';

const MINUTE_MS = 60_000;
/** The runner skips slots older than a day; what is delivered now must arrive before that. */
const FRESH_MS = DAY_MS - 5 * MINUTE_MS;

/**
 * The slots that a history may end with for a schedule, the best one first: its latest one, unless the runner would
 * skip that as too old, then the current minute.
 */
export function firstSlots(schedule: Schedule, now: Date): readonly Date[] {
  const latest = dueBefore(schedule, now);
  const isFresh = latest !== undefined && now.getTime() - latest.getTime() < FRESH_MS;
  return isFresh ? [latest, slotOf(now)] : [slotOf(now)];
}
