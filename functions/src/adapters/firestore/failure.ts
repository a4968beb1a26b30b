import { cut } from '#core/cut.ts';
import { DocumentsError, type DocumentsErrorCode } from '#ports/documents/documents.ts';

/** The failed operation: the same status has different meanings. */
export type Operation = 'read' | 'commit';

const CODE_OF_STATUS: Readonly<Record<number, DocumentsErrorCode>> = {
  3: 'invalid', //        INVALID_ARGUMENT
  5: 'not_found', //      NOT_FOUND
  6: 'already_exists', // ALREADY_EXISTS
  7: 'denied', //         PERMISSION_DENIED
  9: 'conflict', //       FAILED_PRECONDITION
  10: 'conflict', //      ABORTED
  11: 'invalid', //       OUT_OF_RANGE
  16: 'denied', //        UNAUTHENTICATED
};

/**
 * An SDK error as an error of the port. Numbers are gRPC status codes (also over REST); everything else, such as
 * `ECONNRESET`, is a broken connection, after which a write may or may not have been applied: `unavailable`.
 */
export function asDocumentsError(error: unknown, operation: Operation, what: string): DocumentsError {
  if (error instanceof DocumentsError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  const code = documentsCode(status, said, operation);
  const message = `Firestore: ${what} failed (${code}): ${inOneLine(said)}${advice(status, said, operation)}`;
  return new DocumentsError(code, message, { cause: error, mayBeApplied: operation === 'commit' });
}

/** What people can do about it, if Firestore's message does not say. */
function advice(status: number | undefined, said: string, operation: Operation): string {
  if (status === 7) return ' The service account needs the role Cloud Datastore User (roles/datastore.user).';
  if (status === 8) return ' Check the quotas and the budget of the project in the Google Cloud console.';
  if (status === 9 && operation === 'read') return ' Deploy firestore.indexes.json.';
  if (status === 5 && isDatabaseMissing(said)) return ' Create it, or set another one in PLAYBOOK_DATABASE.';
  return '';
}

function documentsCode(status: number | undefined, message: string, operation: Operation): DocumentsErrorCode {
  if (status === undefined) return /credentials|invalid_grant/i.test(message) ? 'denied' : 'unavailable';
  const code = CODE_OF_STATUS[status] ?? 'unavailable';
  // The emulator's answer to an update time later than the stored one; production says FAILED_PRECONDITION.
  if (code === 'invalid' && /base version/i.test(message)) return 'conflict';
  if (code === 'not_found' && (operation === 'read' || isDatabaseMissing(message))) return 'unavailable';
  // A query without its index fails until firestore.indexes.json is deployed.
  if (code === 'conflict' && operation === 'read') return status === 9 ? 'invalid' : 'unavailable';
  return code;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

function isDatabaseMissing(message: string): boolean {
  return /database .*does not exist/i.test(message);
}

function inOneLine(message: string): string {
  return cut(message.replaceAll(/\s+/g, ' ').trim(), 500);
}
