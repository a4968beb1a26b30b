import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { callFailure, internalFailure, networkErrorOf } from '../network-error.ts';

/** SDK codes about our own permissions, settings or request. Every other SDK code is an outage. */
const BY_CODE: Readonly<Record<string, FailureCode>> = {
  'app/invalid-credential': 'unauthenticated',
  'auth/invalid-credential': 'unauthenticated',
  'auth/insufficient-permission': 'unauthenticated',
  'auth/project-not-found': 'unconfigured',
  'auth/configuration-not-found': 'unconfigured',
  'auth/operation-not-allowed': 'unconfigured',
  'auth/quota-exceeded': 'rate_limited',
  'auth/too-many-requests': 'rate_limited',
  'auth/claims-too-large': 'rejected',
  'auth/invalid-email': 'input_invalid',
  'auth/email-already-exists': 'input_invalid',
  'app/network-timeout': 'timeout',
};

/** SDK codes for an invalid session or account. */
const NOBODY = new Set([
  'auth/argument-error',
  'auth/session-cookie-expired',
  'auth/session-cookie-revoked',
  'auth/invalid-session-cookie',
  'auth/user-not-found',
  'auth/user-disabled',
]);

/** The code of an SDK error; undefined if it has none. */
export function authCodeOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Whether an SDK error means that a session is invalid. The same code is used if certificates could not be fetched, and
 * an outage must not sign users out, so the message decides.
 */
export function isNoSession(thrown: unknown): boolean {
  if (!NOBODY.has(authCodeOf(thrown) ?? '') || !(thrown instanceof Error)) return false;
  return !/fetching public keys|while making request|timed? ?out/i.test(thrown.message);
}

/** The failure for an SDK error; `attempted` precedes "failed": `Creating the account`. */
export function authFailure(thrown: unknown, attempted: string): PlaybookError {
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

/** Undefined if neither the SDK nor the network identifies it. */
function codeOf(thrown: unknown): FailureCode | undefined {
  if (networkErrorOf(thrown) !== undefined) return callFailure(thrown, 'Firebase Authentication').code;
  const code = authCodeOf(thrown) ?? '';
  return BY_CODE[code] ?? (/^(auth|app)\//.test(code) ? 'unavailable' : undefined);
}
