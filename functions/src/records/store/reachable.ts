import { PlaybookError } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';

/** How to report a failure of the database. */
export interface Telling {
  /** What could not be done, like `The thread could not be stored`: precedes the database's message. */
  readonly what?: string;
  /** The meaning of content that the database refuses: a bug of ours, or too much data from the caller. */
  readonly invalid?: 'internal' | 'input_invalid';
}

/** What a call of the documents port resolves to. Throws its failure as `databaseFailure` returns it. */
export async function reachable<Value>(call: Promise<Value>, telling?: Telling): Promise<Value> {
  try {
    return await call;
  } catch (thrown) {
    throw thrown instanceof DocumentsError ? databaseFailure(thrown, telling) : thrown;
  }
}

/**
 * A failure of the database as one that a step may record, with the error as its cause. Out of reach, or a conflict with
 * another writer: `unavailable`, worth another attempt. Access refused: `unauthenticated`. A missing index, which a person must
 * deploy: `unconfigured`. Anything else that the database refuses: `internal` by default.
 */
export function databaseFailure(
  error: DocumentsError,
  { what = '', invalid = 'internal' }: Telling = {},
): PlaybookError {
  const cause = { cause: error };
  const message = what === '' ? error.message : `${what}: ${error.message}`;
  switch (error.code) {
    case 'unavailable':
    case 'conflict':
    case 'already_exists':
    case 'not_found':
      return new PlaybookError('unavailable', message, cause);
    case 'denied':
      return new PlaybookError('unauthenticated', `The database refuses access: ${error.message}`, cause);
    case 'invalid':
      if (/\bindex\b/i.test(error.message)) return new PlaybookError('unconfigured', message, cause);
      return new PlaybookError(invalid, what === '' ? `The database refused a record: ${message}` : message, cause);
  }
}

/** Whether an error means that the database or another service was out of reach. */
export function isOutOfReach(thrown: unknown): thrown is DocumentsError | PlaybookError {
  return (thrown instanceof DocumentsError || thrown instanceof PlaybookError) && thrown.code === 'unavailable';
}
