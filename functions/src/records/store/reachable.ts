import { PlaybookError } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';

/**
 * What a call of the documents port resolves to. Throws its failure as one that a step may record: `unavailable` (worth
 * another attempt), `unauthenticated`, or `internal` where the database refused what we wrote.
 */
export async function reachable<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (thrown) {
    throw thrown instanceof DocumentsError ? recordFailure(thrown) : thrown;
  }
}

/** The same for an error that was caught. */
export function recordFailure(error: DocumentsError): PlaybookError {
  const cause = { cause: error };
  if (error.code === 'denied') {
    return new PlaybookError('unauthenticated', `The database refuses access: ${error.message}`, cause);
  }
  if (error.code === 'unavailable') return new PlaybookError('unavailable', error.message, cause);
  return new PlaybookError('internal', `The database refused a record: ${error.message}`, cause);
}
