import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { failureCodeOf } from '#ports/http-failure.ts';
import { callFailure, internalFailure, networkErrorOf } from './network-error.ts';

/** The gRPC codes of google.rpc.Code that we distinguish; Google's clients also use them over REST. */
const BY_CODE: Readonly<Record<number, FailureCode>> = {
  1: 'unavailable', //      CANCELLED, but not by us
  2: 'unavailable', //      UNKNOWN
  3: 'rejected', //         INVALID_ARGUMENT
  4: 'timeout', //          DEADLINE_EXCEEDED
  5: 'rejected', //         NOT_FOUND
  6: 'rejected', //         ALREADY_EXISTS
  7: 'unauthenticated', //  PERMISSION_DENIED
  8: 'rate_limited', //     RESOURCE_EXHAUSTED
  9: 'rejected', //         FAILED_PRECONDITION
  10: 'unavailable', //     ABORTED
  11: 'rejected', //        OUT_OF_RANGE
  12: 'rejected', //        UNIMPLEMENTED
  13: 'unavailable', //     INTERNAL
  14: 'unavailable', //     UNAVAILABLE
  15: 'unavailable', //     DATA_LOSS
  16: 'unauthenticated', // UNAUTHENTICATED
};

/** Google's code for "no answer in time". */
export const DEADLINE_EXCEEDED = 4;

/** Google's code for "no such resource". */
export const NOT_FOUND = 5;

/** Google's code for "the resource already exists". */
export const ALREADY_EXISTS = 6;

/** Google's code for "not in the current state". */
export const FAILED_PRECONDITION = 9;

/** The gRPC code of an error of a Google client; undefined if it has none. */
export function googleCodeOf(thrown: unknown): number | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/**
 * The failure for an error of a Google client; `attempted` precedes "failed": `Creating the job ops-x`. Only answers of
 * a service, credential errors and network errors are attributed to others; the rest is `internal`.
 */
export function googleFailure(thrown: unknown, attempted: string): PlaybookError {
  if (thrown instanceof PlaybookError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/could not load the default credentials/i.test(message)) {
    return new PlaybookError(
      'unauthenticated',
      `${attempted} failed: this machine has no Google credentials. Run gcloud auth application-default login.`,
      { cause: thrown },
    );
  }
  const code = codeOf(thrown);
  if (code === undefined) return internalFailure(thrown, attempted);
  return new PlaybookError(code, `${attempted} failed: ${message}`, { cause: thrown });
}

/** Google's account server refuses a token: the credentials can no longer be used. */
const NO_TOKEN = /\b(invalid_grant|invalid_client|invalid_rapt|unauthorized_client|access_denied)\b/;

function codeOf(thrown: unknown): FailureCode | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (NO_TOKEN.test(thrown.message)) return 'unauthenticated';
  if (networkErrorOf(thrown) !== undefined) return callFailure(thrown, 'Google').code;
  // Google's clients report everything that is not an answer as UNAVAILABLE, including bugs in the code.
  if (hasSlip(thrown)) return undefined;
  const code = googleCodeOf(thrown);
  if (code !== undefined) return code < 100 ? BY_CODE[code] : failureCodeOf(code);
  const status = 'status' in thrown ? thrown.status : undefined;
  return typeof status === 'number' ? failureCodeOf(status) : undefined;
}

const SLIPS = [TypeError, ReferenceError, RangeError, SyntaxError];

function hasSlip(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error) || depth > 8) return false;
  return SLIPS.some((slip) => thrown instanceof slip) || hasSlip(thrown.cause, depth + 1);
}
