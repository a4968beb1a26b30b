import { PlaybookError } from './failure.ts';

const MS_PER_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A day of 24 hours, in milliseconds. */
export const DAY_MS = MS_PER_UNIT.d;

type Unit = keyof typeof MS_PER_UNIT;

/**
 * The milliseconds of a duration as written in definitions (`500ms`, `30s`, `10m`, `4h`, `7d`). Throws
 * `invalid_playbook` for anything else.
 */
export function durationMs(duration: string): number {
  const match = /^(\d{1,6})(ms|s|m|h|d)$/.exec(duration);
  const [, count, unit] = match ?? [];
  if (count === undefined || unit === undefined || !isUnit(unit)) {
    throw new PlaybookError(
      'invalid_playbook',
      `'${duration}' is not a duration; write a number and a unit, like 500ms, 30s, 10m, 4h or 7d.`,
    );
  }
  return Number(count) * MS_PER_UNIT[unit];
}

function isUnit(text: string): text is Unit {
  return Object.hasOwn(MS_PER_UNIT, text);
}

/** A duration in words: `340 ms`, `2.3 s`, `4 min 10 s`, `5 min`, `2 h 5 min`. */
export function durationInWords(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return inTwo([Math.floor(seconds / 60), 'min'], [seconds % 60, 's']);
  return inTwo([Math.floor(seconds / 3600), 'h'], [Math.floor((seconds % 3600) / 60), 'min']);
}

function inTwo([large, largeUnit]: readonly [number, string], [small, smallUnit]: readonly [number, string]): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
