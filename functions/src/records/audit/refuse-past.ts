import { PlaybookError } from '#core/failure.ts';

/** Throws `input_invalid` for the end of a pause that has passed at `now`; null, which is no end, may always be. */
export function refusePast(until: Date | null, now: Date): void {
  if (until === null || until > now) return;
  const given = Number.isNaN(until.getTime()) ? 'no instant' : `${until.toISOString()}, which has passed`;
  throw new PlaybookError('input_invalid', `The end is ${given}. Give an instant to come, or none.`);
}
