import { z } from 'zod';
import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { withinLimit } from '../call-limit.ts';
import { callFailure } from '../network-error.ts';

const GOOGLE = 'https://identitytoolkit.googleapis.com';
const NEVER = new AbortController().signal;

/** Where to check passwords, and with which key. */
export interface PasswordCheckOptions {
  /**
   * The web API key of the Firebase project: it identifies the project and grants no access. The emulator needs none.
   */
  readonly apiKey: string | undefined;
  /** `host:port` of the Auth emulator, in place of Google. */
  readonly emulatorHost: string | undefined;
  readonly timeoutMs: number;
}

/** Google's verdict on an address and a password. */
export type PasswordVerdict =
  | { readonly kind: 'right'; readonly uid: string; readonly idToken: string }
  /** Correct, but a second factor or a new password is required before a token is issued. */
  | { readonly kind: 'unfinished'; readonly needs: 'second_factor' | 'new_password' }
  | { readonly kind: 'wrong' };

const Right = z.object({ localId: z.string().min(1), idToken: z.string().min(1) });
const SecondFactor = z.object({ mfaPendingCredential: z.string().min(1) });
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** Beginnings of Google's messages for an account that does not exist, is disabled, or has another password. */
const WRONG =
  /^(EMAIL_NOT_FOUND|INVALID_PASSWORD|INVALID_LOGIN_CREDENTIALS|INVALID_EMAIL|MISSING_EMAIL|MISSING_PASSWORD|USER_DISABLED)\b/;
const NEW_PASSWORD = /^(PASSWORD_DOES_NOT_MEET_REQUIREMENTS|PASSWORD_RESET_REQUIRED|RESET_PASSWORD_REQUIRED)\b/;

/** Google's messages that need action by the team, and what to do. */
const SETUP: readonly (readonly [RegExp, FailureCode, string])[] = [
  [
    /^TOO_MANY_ATTEMPTS/,
    'rate_limited',
    'Firebase Authentication has seen too many attempts. Try again in a few minutes.',
  ],
  [
    /^(PASSWORD_LOGIN_DISABLED|OPERATION_NOT_ALLOWED|CONFIGURATION_NOT_FOUND)/,
    'unconfigured',
    'Sign-in with email and password is disabled. Enable it in the Firebase console: Authentication, Sign-in method.',
  ],
  [
    /API[ _]KEY/i,
    'unconfigured',
    'The web API key was refused. Set FIREBASE_WEB_API_KEY to the key of the Firebase project (Project settings, General); a key restricted to websites does not work.',
  ],
];

/** Asks Google whether a password is correct. Throws what all calls of `Identity` throw, and `rate_limited`. */
export async function checkPassword(
  credentials: { readonly email: string; readonly password: string },
  { apiKey, emulatorHost, timeoutMs }: PasswordCheckOptions,
): Promise<PasswordVerdict> {
  const base = emulatorHost === undefined ? GOOGLE : `http://${emulatorHost}/identitytoolkit.googleapis.com`;
  const key = emulatorHost === undefined ? apiKey : 'emulator';
  if (key === undefined)
    throw new PlaybookError('unconfigured', 'FIREBASE_WEB_API_KEY is missing, so no one can sign in.');
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
  // A redirect would receive the password; it counts as an invalid answer.
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
    throw new PlaybookError('unavailable', `Firebase Authentication sent an invalid answer with status ${status}.`);
  const { message } = refusal.data.error;
  if (WRONG.test(message)) return { kind: 'wrong' };
  if (NEW_PASSWORD.test(message)) return { kind: 'unfinished', needs: 'new_password' };
  const [, code, advice] = SETUP.find(([words]) => words.test(message)) ?? [];
  if (code !== undefined) throw new PlaybookError(code, advice ?? message, { cause: message });
  const known = status === 401 || status === 403 ? 'unauthenticated' : 'unavailable';
  throw new PlaybookError(known, `Firebase Authentication refused to check the password: ${message}`);
}
