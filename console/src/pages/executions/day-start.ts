const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The instant at which a day (`2026-11-21`) begins in a zone; where clocks skip midnight, it begins later. */
export function dayStart(day: string, timeZone: string): Date {
  const asUtcMs = Date.parse(`${day}T00:00:00.000Z`);
  const offsets = [-30 * HOUR_MS, 30 * HOUR_MS].map((aside) => offsetMs(asUtcMs + aside, timeZone));
  const candidates = offsets.map((offset) => asUtcMs - offset).toSorted((a, b) => a - b);
  return new Date(candidates.find((atMs) => wallTime(atMs, timeZone).startsWith(day)) ?? asUtcMs);
}

/** The instant at which the day after it begins. */
export function dayEnd(day: string, timeZone: string): Date {
  const next = new Date(Date.parse(`${day}T00:00:00.000Z`) + 24 * HOUR_MS);
  return dayStart(next.toISOString().slice(0, 10), timeZone);
}

function offsetMs(atMs: number, timeZone: string): number {
  return Date.parse(`${wallTime(atMs, timeZone).replace(' ', 'T')}Z`) - Math.floor(atMs / 1000) * 1000;
}

/** What clocks show there: Swedish is written as ISO writes it. */
function wallTime(atMs: number, timeZone: string): string {
  const known = formats.get(timeZone);
  const format =
    known ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', calendar: 'iso8601' });
  if (known === undefined && formats.size < 200) formats.set(timeZone, format);
  return format.format(atMs);
}
