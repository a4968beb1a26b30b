import { z } from 'zod';
import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { withinLimit } from '../call-limit.ts';
import { callFailure } from '../network-error.ts';

const GOOGLE = 'https://identitytoolkit.googleapis.com';
const NEVER = new AbortController().signal;

/** Where passwords are checked, and with which key. */
export interface PasswordCheckOptions {
  /** The web API key of the Firebase project: it names the project and opens nothing. The emulator needs none. */
  readonly apiKey: string | undefined;
  /** `host:port` of the Auth emulator, in place of Google. */
  readonly emulatorHost: string | undefined;
  readonly timeoutMs: number;
}

/** What Google says of an address and a password. */
export type PasswordVerdict =
  | { readonly kind: 'right'; readonly uid: string; readonly idToken: string }
  /** Right, but a second factor or a new password is asked for before there is a token. */
  | { readonly kind: 'unfinished'; readonly needs: 'second_factor' | 'new_password' }
  | { readonly kind: 'wrong' };

const Right = z.object({ localId: z.string().min(1), idToken: z.string().min(1) });
const SecondFactor = z.object({ mfaPendingCredential: z.string().min(1) });
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** Begins of Google's words for an account that does not exist, is disabled, or has another password. */
const WRONG =
  /^(EMAIL_NOT_FOUND|INVALID_PASSWORD|INVALID_LOGIN_CREDENTIALS|INVALID_EMAIL|MISSING_EMAIL|MISSING_PASSWORD|USER_DISABLED)\b/;
const NEW_PASSWORD = /^(PASSWORD_DOES_NOT_MEET_REQUIREMENTS|PASSWORD_RESET_REQUIRED|RESET_PASSWORD_REQUIRED)\b/;

/** Words of Google's that a person of the team must do something about, and what. */
const SETUP: readonly (readonly [RegExp, FailureCode, string])[] = [
  [
    /^TOO_MANY_ATTEMPTS/,
    'rate_limited',
    'Firebase Authentication has seen too many attempts. Try again in some minutes.',
  ],
  [
    /^(PASSWORD_LOGIN_DISABLED|OPERATION_NOT_ALLOWED|CONFIGURATION_NOT_FOUND)/,
    'unconfigured',
    'Signing in with e-mail and password is switched off. Switch it on in the Firebase console: Authentication, Sign-in method.',
  ],
  [
    /API[ _]KEY/i,
    'unconfigured',
    'The web API key is refused. Set FIREBASE_WEB_API_KEY to the key of the Firebase project (Project settings, General); a key that only web sites may use is not enough.',
  ],
];

/** Asks Google whether a password is right. Throws what `Identity` says of all its calls, and `rate_limited`. */
export async function checkPassword(
  credentials: { readonly email: string; readonly password: string },
  { apiKey, emulatorHost, timeoutMs }: PasswordCheckOptions,
): Promise<PasswordVerdict> {
  const base = emulatorHost === undefined ? GOOGLE : `http://${emulatorHost}/identitytoolkit.googleapis.com`;
  const key = emulatorHost === undefined ? apiKey : 'emulator';
  if (key === undefined)
    throw new PlaybookError('unconfigured', 'FIREBASE_WEB_API_KEY is missing: nobody can sign in.');
  const limit = { signal: NEVER, timeoutMs, what: 'Firebase Authentication' };
  const { status, body } = await withinLimit(limit, (signal) =>
    post(
      `${base}/v1/accounts:signInWithPassword?key=${encodeURIComponent(key)}`,
      { ...credentials, returnSecureToken: true },
      signal,
    ),
  ).catch((thrown: unknown) => {
    throw callFailure(thrown, 'Firebase Authentication');
  });
  return verdictOf(status, body);
}

async function post(url: string, content: unknown, signal: AbortSignal): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(content);
  // A redirect would be given the password; it is an answer without sense.
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
  return { status: response.status, body: parsed(await response.text()) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function verdictOf(status: number, body: unknown): PasswordVerdict {
  const right = Right.safeParse(body);
  if (status === 200 && right.success) return { kind: 'right', uid: right.data.localId, idToken: right.data.idToken };
  if (status === 200 && SecondFactor.safeParse(body).success) return { kind: 'unfinished', needs: 'second_factor' };
  const refusal = Refusal.safeParse(body);
  if (!refusal.success)
    throw new PlaybookError('unavailable', `Firebase Authentication answered ${status} with no sense in it.`);
  const { message } = refusal.data.error;
  if (WRONG.test(message)) return { kind: 'wrong' };
  if (NEW_PASSWORD.test(message)) return { kind: 'unfinished', needs: 'new_password' };
  const [, code, advice] = SETUP.find(([words]) => words.test(message)) ?? [];
  if (code !== undefined) throw new PlaybookError(code, advice ?? message, { cause: message });
  const known = status === 401 || status === 403 ? 'unauthenticated' : 'unavailable';
  throw new PlaybookError(known, `Firebase Authentication refused to check the password: ${message}`);
}
