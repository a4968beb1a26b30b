const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in a zone show at an instant, as a `datetime-local` field writes it: `2026-11-21T09:00`. */
export function wallTimeOf(instant: Date, timeZone: string): string {
  return shown(instant.getTime(), timeZone).slice(0, 16);
}

/**
 * The instant at which clocks in a zone show this time (`2026-11-21T09:00`); undefined for what is no time. Of a time that
 * comes twice the first counts, and one that clocks skip is as much later as they jump.
 */
export function instantOfWallTime(text: string, timeZone: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined;
  const asUtcMs = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtcMs)) return undefined;
  // The offsets of the day before and of the day after: whichever holds then is one of them.
  const [before, after] = [asUtcMs - 24 * HOUR_MS, asUtcMs + 24 * HOUR_MS].map((atMs) => offsetMs(atMs, timeZone));
  const candidates = [before ?? 0, after ?? 0].map((offset) => asUtcMs - offset).toSorted((a, b) => a - b);
  const wanted = new Date(asUtcMs).toISOString().slice(0, 16);
  const exact = candidates.find((atMs) => shown(atMs, timeZone).startsWith(wanted));
  return new Date(exact ?? asUtcMs - (before ?? 0));
}

function offsetMs(atMs: number, timeZone: string): number {
  return Date.parse(`${shown(atMs, timeZone)}Z`) - Math.floor(atMs / 1000) * 1000;
}

/** Swedish is written as ISO writes it. */
function shown(atMs: number, timeZone: string): string {
  const known = formats.get(timeZone);
  const format =
    known ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', calendar: 'iso8601' });
  if (known === undefined && formats.size < 200) formats.set(timeZone, format);
  return format.format(atMs).replace(' ', 'T');
}
