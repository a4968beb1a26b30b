import { PlaybookError } from '#core/failure.ts';
import type { Execution } from '../record/execution.ts';

/** How long one call of a claim may take. */
export const CALL_LIMIT = { timeoutMs: 10_000 };

/** A slot is one request, no matter who delivers it; a manual start is identified by its content. Older records do not have its digest. */
export function isSameRequest(
  { requestSha256: stored }: Pick<Execution, 'requestSha256'>,
  { requestSha256: fresh }: Pick<Execution, 'requestSha256'>,
): boolean {
  return stored === undefined || fresh === undefined || stored === fresh;
}

/** The database did not say that a claim was written, or said that it was not. */
export function notWritten(id: string, cause: unknown): PlaybookError {
  const why = cause instanceof Error ? ` ${cause.message}` : '';
  return new PlaybookError('unavailable', `The record of ${id} could not be written.${why}`, { cause });
}
