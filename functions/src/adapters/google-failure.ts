import { PlaybookError, type FailureCode } from '../engine/failure.ts';

/** The gRPC codes of google.rpc.Code that mean something to us; Google's clients use them over REST, too. */
const BY_CODE: Readonly<Record<number, FailureCode>> = {
  3: 'rejected', //         INVALID_ARGUMENT
  4: 'timeout', //          DEADLINE_EXCEEDED
  5: 'rejected', //         NOT_FOUND
  6: 'rejected', //         ALREADY_EXISTS
  7: 'unauthenticated', //  PERMISSION_DENIED
  8: 'rate_limited', //     RESOURCE_EXHAUSTED
  9: 'rejected', //         FAILED_PRECONDITION
  10: 'unavailable', //     ABORTED
  13: 'unavailable', //     INTERNAL
  14: 'unavailable', //     UNAVAILABLE
  16: 'unauthenticated', // UNAUTHENTICATED
};

/** Google's code for "no answer in time". */
export const DEADLINE_EXCEEDED = 4;

/** Google's code for "there is none of this name". */
export const NOT_FOUND = 5;

/** Google's code for "there is one of this name already". */
export const ALREADY_EXISTS = 6;

/** Google's code for "not in its present state". */
export const FAILED_PRECONDITION = 9;

/** The gRPC code of what one of Google's clients threw; undefined where it carries none. */
export function googleCodeOf(thrown: unknown): number | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** What one of Google's clients threw, in our words; `attempted` ends "… failed": `Creating the job ops-x`. */
export function googleFailure(thrown: unknown, attempted: string): PlaybookError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof PlaybookError) {
    return new PlaybookError(thrown.code, `${attempted} failed: ${message}`, { cause: thrown });
  }
  if (/could not load the default credentials/i.test(message)) {
    return new PlaybookError(
      'unauthenticated',
      `${attempted} failed: this machine has no Google credentials. Run gcloud auth application-default login.`,
      { cause: thrown },
    );
  }
  const code = BY_CODE[googleCodeOf(thrown) ?? -1] ?? 'unavailable';
  return new PlaybookError(code, `${attempted} failed: ${message}`, { cause: thrown });
}
