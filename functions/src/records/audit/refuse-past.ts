import { PlaybookError } from '#core/failure.ts';

/** Throws `input_invalid` for an end that has passed at `now` or is not a valid instant; null (no end) is always accepted. */
export function refusePast(until: Date | null, now: Date): void {
  if (until === null || until > now) return;
  const given = Number.isNaN(until.getTime()) ? 'not a valid time' : `${until.toISOString()}, which has passed`;
  throw new PlaybookError('input_invalid', `The end is ${given}. Give a future time, or leave it empty.`);
}
