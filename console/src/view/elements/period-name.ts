const formats = new Map<string, Intl.DateTimeFormat>();

/** The day and time of an instant on the reader's clocks: `Fri 09:00`. */
export function hourName(at: Date, timeZone: string): string {
  return formatOf(timeZone).format(at).replace(',', '');
}

/** The instant at which an hour (`2026-11-20T14`, UTC) begins. */
export function hourStart(hour: string): Date {
  return new Date(`${hour}:00:00.000Z`);
}

/** A day (`2026-11-20`) as people write it: `Fri 20 Nov`. */
export function dayName(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00.000Z`)).replace(',', '');
}

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' });

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
  if (formats.size < 200) formats.set(timeZone, format);
  return format;
}
