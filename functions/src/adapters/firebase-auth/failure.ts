import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { callFailure, internalFailure, networkErrorOf } from '../network-error.ts';

/** Codes of the SDK that are about our own rights or settings, or about what was asked. Every other code of the SDK is an outage. */
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

/** The SDK's own words for a session or an account that is not what it must be. */
const NOBODY = new Set([
  'auth/argument-error',
  'auth/session-cookie-expired',
  'auth/session-cookie-revoked',
  'auth/invalid-session-cookie',
  'auth/user-not-found',
  'auth/user-disabled',
]);

/** The code of what the SDK threw; undefined where it carries none. */
export function authCodeOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Whether the SDK says that a session is no session. The same code also stands for certificates that could not be fetched,
 * and an outage must not sign anybody out, so the words decide.
 */
export function isNoSession(thrown: unknown): boolean {
  if (!NOBODY.has(authCodeOf(thrown) ?? '') || !(thrown instanceof Error)) return false;
  return !/fetching public keys|while making request|timed? ?out/i.test(thrown.message);
}

/** What the SDK threw, in our words; `attempted` ends "… failed": `Creating the account`. */
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

/** Undefined where neither the SDK nor the network says what it is. */
function codeOf(thrown: unknown): FailureCode | undefined {
  if (networkErrorOf(thrown) !== undefined) return callFailure(thrown, 'Firebase Authentication').code;
  const code = authCodeOf(thrown) ?? '';
  return BY_CODE[code] ?? (/^(auth|app)\//.test(code) ? 'unavailable' : undefined);
}
