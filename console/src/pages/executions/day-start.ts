import { DAY_MS } from '#core/duration.ts';
import { instantOfWallTime } from '#console/view/elements/wall-time.ts';

/** The instant at which a day (`2026-11-21`) begins in a zone; where clocks skip midnight, it begins later. */
export function dayStart(day: string, timeZone: string): Date {
  return instantOfWallTime(`${day}T00:00`, timeZone) ?? new Date(`${day}T00:00:00.000Z`);
}

/** The instant at which the day after it begins. */
export function dayEnd(day: string, timeZone: string): Date {
  const next = new Date(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS);
  return dayStart(next.toISOString().slice(0, 10), timeZone);
}
