import { DAY_MS } from '#core/duration.ts';

const HOUR_MS = DAY_MS / 24;

/** The UTC day of an instant, as used in figures: `2026-11-20`. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** The UTC hour of an instant: `2026-11-20T14`. */
export function hourOf(instant: Date): string {
  return instant.toISOString().slice(0, 13);
}

/** The day of `now` and earlier ones, `count` in total, the oldest first. */
export function lastDays(now: Date, count: number): readonly string[] {
  return back(now, count, DAY_MS).map(dayOf);
}

/** The hour of `now` and earlier ones, `count` in total, the oldest first. */
export function lastHours(now: Date, count: number): readonly string[] {
  return back(now, count, HOUR_MS).map(hourOf);
}

function back(now: Date, count: number, stepMs: number): Date[] {
  return Array.from({ length: count }, (_, index) => new Date(now.getTime() - (count - 1 - index) * stepMs));
}
