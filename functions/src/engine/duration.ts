import { PlaybookError } from './failure.ts';

const MS_PER_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A day of 24 hours, in milliseconds. */
export const DAY_MS = MS_PER_UNIT.d;

type Unit = keyof typeof MS_PER_UNIT;

/** Milliseconds of a duration as written in definitions (`500ms`, `30s`, `10m`, `4h`, `7d`). Throws `invalid_playbook` for anything else. */
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
