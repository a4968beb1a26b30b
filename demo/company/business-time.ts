import { DAY_MS } from '#core/duration.ts';

/**
 * How busy each day is, starting with Thursday, because the epoch began on one. A week has seven days of average
 * business.
 */
const BUSY = [1.2, 1.15, 0.6, 0.35, 1.15, 1.25, 1.3] as const;
const WEEK_DAYS = BUSY.length;

/** How much happens at an instant, compared with the average: little on weekends. */
export function busynessAt(instant: Date): number {
  return BUSY[Math.floor(instant.getTime() / DAY_MS) % WEEK_DAYS] ?? 1;
}

/**
 * Moves an instant of the past so that equal distances become equal amounts of business: evenly spread events become
 * dense on working days and sparse on weekends. Keeps the order, never moves an instant past `now`, and keeps distances
 * of whole weeks.
 */
export function inBusinessTime(instant: Date, now: Date): Date {
  const businessDays = businessDaysUntil(now) - (now.getTime() - instant.getTime()) / DAY_MS;
  return new Date(Math.round(daysWith(businessDays) * DAY_MS));
}

/** The days of average business between the epoch and an instant. */
function businessDaysUntil(instant: Date): number {
  const days = instant.getTime() / DAY_MS;
  const weeks = Math.floor(days / WEEK_DAYS);
  let left = days - weeks * WEEK_DAYS;
  let business = weeks * WEEK_DAYS;
  for (const busy of BUSY) {
    const share = Math.min(1, left);
    business += share * busy;
    left -= share;
  }
  return business;
}

/** The number of days after the epoch by which this much business has happened. */
function daysWith(businessDays: number): number {
  const weeks = Math.floor(businessDays / WEEK_DAYS);
  let left = businessDays - weeks * WEEK_DAYS;
  let days = weeks * WEEK_DAYS;
  for (const busy of BUSY) {
    const share = Math.min(1, left / busy);
    days += share;
    left -= share * busy;
  }
  return days;
}
