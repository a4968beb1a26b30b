import { Hono, type Context } from 'hono';
import { failureClassOf, PlaybookError } from '#core/failure.ts';
import type { Person, SignIn } from '#ports/identity.ts';
import { noticeOf } from '#console/view/frame/notices.ts';
import { isEmail } from './access-config.ts';
import type { AccountWorld } from './access-world.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { formField } from './form-field.ts';
import { nextPath } from './next-path.ts';
import { rateLimiter } from './rate-limit.ts';
import { refuseForeignForm, refuseForNow, refuseOutage } from './refusals.tsx';
import { addressOf, isFromHere } from './request-facts.ts';
import { beginSession, sessionOf } from './session.ts';
import { signInPage } from './sign-in-page.tsx';

const PER_ADDRESS = { capacity: 10, perMs: 10 * 60_000 };
const PER_EMAIL = { capacity: 20, perMs: 3_600_000 };
/** Beyond these, refusals are only logged: strangers must not keep those who work from the audit log. */
const AUDITED_REFUSALS = { capacity: 100, perMs: 3_600_000 };

const WRONG = 'This email address and password do not grant access.';
const UNFINISHED = {
  second_factor:
    'This account requires a second factor, which this console does not support. Use an account without one.',
  new_password: 'This account needs a new password. Choose one, then sign in with it.',
} as const;

interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly next: string;
}

/** `GET /sign-in` and `POST /sign-in`: email and password in exchange for a session, for people who are not signed in yet. */
export function signInRoutes(world: AccountWorld): Hono<ConsoleEnv> {
  const refuseIfFast = attemptLimits(world);
  const auditRefusal = refusalAudit(world);
  return new Hono<ConsoleEnv>()
    .get('/sign-in', async (c) => {
      const next = nextPath(c.req.query('next'));
      if (await isSignedIn(c, world)) return c.redirect(next, 303);
      return signInPage(c, { next, notice: noticeOf(c.req.query('notice')) });
    })
    .post('/sign-in', async (c) => {
      if (!isFromHere(c, world.config)) return refuseForeignForm(c);
      const given = await credentialsIn(c);
      if (!isEmail(given.email) || given.password === '') {
        return signInPage(c, { ...given, status: 400, error: 'Enter your email address and password.' });
      }
      const waitMs = refuseIfFast(c, given.email);
      if (waitMs > 0) return refuseForNow(c, waitMs);
      try {
        const result = await world.identity.signIn(given.email, given.password);
        return await answer(c, { ...world, auditRefusal }, given, result);
      } catch (thrown) {
        return refuseFailure(c, world, thrown);
      }
    });
}

/** Throws again what is a bug. */
function refuseFailure(c: Context, { log }: AccountWorld, thrown: unknown) {
  if (!(thrown instanceof PlaybookError)) throw thrown;
  log('ERROR', `Somebody could not sign in: ${thrown.message}`, { cause: thrown });
  return failureClassOf(thrown.code) === 'rate_limited' ? refuseForNow(c, 5 * 60_000) : refuseOutage(c);
}

async function answer(
  c: Context,
  { config, audit, auditRefusal }: AccountWorld & { readonly auditRefusal: (email: string) => Promise<void> },
  given: Credentials,
  result: SignIn,
): Promise<Response> {
  if (result.outcome === 'signed_in') {
    // Nobody is in before it is recorded.
    await audit(result.person, { action: 'signed_in', target: targetOf(result.person) });
    beginSession(c, result.sessionCookie, config.secure);
    return c.redirect(given.next, 303);
  }
  await auditRefusal(given.email);
  const error = result.outcome === 'refused' ? WRONG : UNFINISHED[result.needs];
  return signInPage(c, { ...given, status: result.outcome === 'refused' ? 401 : 403, error });
}

function targetOf({ uid, email }: Person) {
  return { kind: 'person' as const, id: uid, name: email };
}

async function credentialsIn(c: Context): Promise<Credentials> {
  const [email = '', password = '', next] = await Promise.all(
    ['email', 'password', 'next'].map((name) => formField(c, name)),
  );
  return { email: email.trim(), password: password.slice(0, 4096), next: nextPath(next) };
}

/** An outage is met where it matters, on the page that is asked for; here it only means that nobody is signed in. */
async function isSignedIn(c: Context, { sessions }: AccountWorld): Promise<boolean> {
  const session = sessionOf(c);
  if (session === undefined) return false;
  try {
    return (await sessions.personOf(session)) !== undefined;
  } catch (thrown) {
    if (thrown instanceof PlaybookError) return false;
    throw thrown;
  }
}

/** How long an attempt must wait, counted for the client's address and then for the address that is tried; 0 where it need not. */
function attemptLimits({ config, clock }: AccountWorld): (c: Context, email: string) => number {
  const [perAddress, perEmail] = [rateLimiter(PER_ADDRESS, clock), rateLimiter(PER_EMAIL, clock)];
  return (c, email) => perAddress.take(addressOf(c, config)) || perEmail.take(email.toLowerCase());
}

function refusalAudit({ clock, audit, log }: AccountWorld): (email: string) => Promise<void> {
  const audited = rateLimiter(AUDITED_REFUSALS, clock);
  return async (email) => {
    if (audited.take('all') > 0) return log('WARNING', `A sign-in as ${email} was refused.`, {});
    try {
      await audit({ email, role: null }, { action: 'sign_in_refused', target: { kind: 'person', id: email } });
    } catch (thrown) {
      if (!(thrown instanceof PlaybookError)) throw thrown;
      log('WARNING', `A sign-in as ${email} was refused, which is not in the audit log: ${thrown.message}`, {});
    }
  };
}
