import { durationInWords } from '#core/duration.ts';
import { relative } from './relative.ts';

/** What every page knows about the time of its reader. */
export interface ReaderTime {
  readonly now: Date;
  /** IANA name of the reader's zone. */
  readonly timeZone: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * An instant: how long ago or until then, with the full time in the reader's zone behind it; `absolute` turns the two
 * around. The browser keeps the relative form current.
 */
export const Time = ({ at, now, timeZone, absolute }: ReaderTime & { at: Date; absolute?: boolean }) => {
  const full = `${inZone(at, timeZone, now)} ${zoneWords(timeZone)}`;
  return absolute === true ? (
    <time datetime={at.toISOString()} title={`${full}, ${relative(at, now)}`}>
      {inZone(at, timeZone, now)}
    </time>
  ) : (
    <time datetime={at.toISOString()} title={full} data-relative="">
      {relative(at, now)}
    </time>
  );
};

/**
 * An instant as a person in that zone writes it, without the year while it is this one: `Sat 21 Nov, 09:00:05`,
 * `Mon 4 Jan 2027, 08:00:00`.
 */
export function inZone(at: Date, timeZone: string, now: Date): string {
  const thisYear = at.getUTCFullYear() === now.getUTCFullYear();
  return formatOf(timeZone, thisYear)
    .format(at)
    .replace(/^(\p{L}+),/u, '$1');
}

/** The zone as it is shown beside a time: the city, or UTC. */
export function zoneName(timeZone: string): string {
  return timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
}

/** The same as people say it: `New York time`, or `UTC`. */
export function zoneWords(timeZone: string): string {
  return timeZone === 'UTC' ? timeZone : `${zoneName(timeZone)} time`;
}

/** Whether a name is a time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name, true);
    return true;
  } catch {
    return false;
  }
}

function formatOf(timeZone: string, thisYear: boolean): Intl.DateTimeFormat {
  const key = `${timeZone} ${thisYear}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(thisYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  if (formats.size < 200) formats.set(key, format);
  return format;
}

/** How long something took, in words. */
export const Took = ({ durationMs }: { durationMs: number }) => (
  <span class="figure">{durationInWords(durationMs)}</span>
);
