import { PlaybookError } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';

/** How a failure of the database is told. */
export interface Telling {
  /** What could not be done, like `The thread could not be stored`: stands before the words of the database. */
  readonly what?: string;
  /** What it means that the database refuses the content: a bug of ours, or that the caller gave too much. */
  readonly invalid?: 'internal' | 'input_invalid';
}

/** What a call of the documents port resolves to. Throws its failure as `databaseFailure` tells it. */
export async function reachable<Value>(call: Promise<Value>, telling?: Telling): Promise<Value> {
  try {
    return await call;
  } catch (thrown) {
    throw thrown instanceof DocumentsError ? databaseFailure(thrown, telling) : thrown;
  }
}

/**
 * A failure of the database as one that a step may record, with the error as its cause. Out of reach, or another writer in
 * the way: `unavailable`, worth another attempt. Access refused: `unauthenticated`. A query whose index is missing waits for
 * a person to deploy it: `unconfigured`. Whatever else the database refuses is `internal`, unless said otherwise.
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

/** Whether the database, or whatever was asked, was out of reach, whoever says so. */
export function isOutOfReach(thrown: unknown): thrown is DocumentsError | PlaybookError {
  return (thrown instanceof DocumentsError || thrown instanceof PlaybookError) && thrown.code === 'unavailable';
}
