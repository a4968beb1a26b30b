import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import type { Clock } from '#core/clock.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Person as KnownPerson } from '#ports/identity.ts';
import { isTimeZone } from '#console/view/elements/time.tsx';
import type { AccessConfig } from './access-config.ts';
import type { AccessWorld } from './access-world.ts';
import type { ConsoleEnv, Person } from '#console/world/console-env.ts';
import { csrfTokenOf, isCsrfToken } from './csrf.ts';
import { formField } from './form-field.ts';
import { localSession, onlyThisMachine } from './local-operator.ts';
import { asksForPage } from '#console/view/frame/plain-page.tsx';
import { rateLimiter } from './rate-limit.ts';
import { refuseForNow, refuseForeignForm, refuseLargeBody, refuseOutage } from './refusals.tsx';
import { isFromHere, isReading } from './request-facts.ts';
import { sessionCache, type SessionCache } from './session-cache.ts';
import { sessionOf } from './session.ts';
import { signInRoutes } from './sign-in.ts';
import { signOutRoute } from './sign-out.ts';

type Guard = MiddlewareHandler<ConsoleEnv>;

const MAX_BODY_BYTES = 1_000_000;
const PAGES = { capacity: 600, perMs: 60_000 };
const ACTIONS = { capacity: 60, perMs: 60_000 };
const FALLBACK_ZONE = 'UTC';

/**
 * Puts the entrance before everything that is added to `app` after this call: nobody comes further who is not signed in, and
 * nothing that is not GET comes further unless a form of the same session made it. What is for everybody (styles, scripts,
 * health) and `securityHeaders` are added before. Each route that does something says `allow(action)`, too. Throws
 * `unconfigured` when people are to sign in and nobody was named who knows the accounts.
 */
export function guard(app: Hono<ConsoleEnv>, world: AccessWorld): void {
  const { config, clock, identity } = world;
  const ownForms = [fromOwnForms(config), withinLimits(clock)] as const;
  const bounded = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLargeBody });
  if (config.entrance.kind === 'local_operator') {
    app.use(onlyThisMachine, bounded);
    app.get('/sign-in', (c) => c.redirect('/', 303));
    app.use(operator(config.entrance.email), ...ownForms);
    return;
  }
  if (identity === undefined)
    throw new PlaybookError('unconfigured', 'The console does not know which service holds the accounts.');
  const accounts = { ...world, identity, sessions: sessionCache(identity, clock) };
  app.use(bounded);
  app.route('/', signInRoutes(accounts));
  app.use(signedIn(accounts.sessions), ...ownForms);
  app.route('/', signOutRoute(accounts));
}

/** Only the person at this machine can be here. */
function operator(email: string): Guard {
  const sessionFor = localSession();
  return async (c, next) => {
    remember(c, { uid: 'local', email, role: 'admin', local: true }, sessionFor(c));
    await next();
  };
}

function signedIn(sessions: SessionCache): Guard {
  return async (c, next) => {
    const session = sessionOf(c);
    let person: KnownPerson | undefined;
    try {
      person = session === undefined ? undefined : await sessions.personOf(session);
    } catch (thrown) {
      if (thrown instanceof PlaybookError) return refuseOutage(c);
      throw thrown;
    }
    if (session === undefined || person === undefined) return toSignIn(c);
    remember(c, { ...person, local: false }, session);
    return next();
  };
}

function remember(c: Context<ConsoleEnv>, person: Person, session: string): void {
  const zone = getCookie(c, 'zone') ?? FALLBACK_ZONE;
  c.set('person', person);
  c.set('csrfToken', csrfTokenOf(session));
  c.set('timeZone', isTimeZone(zone) ? zone : FALLBACK_ZONE);
}

/** A person is sent to sign in and comes back after it; a script is told. What a form said is not kept. */
function toSignIn(c: Context): Response {
  if (!asksForPage(c)) return c.text('Sign in.', 401);
  const { pathname, search } = new URL(c.req.url);
  const back = isReading(c) && pathname !== '/' ? `?next=${encodeURIComponent(`${pathname}${search}`)}` : '';
  return c.redirect(`/sign-in${back}`, 303);
}

function fromOwnForms(config: AccessConfig): Guard {
  return async (c, next) => {
    if (isReading(c)) return next();
    if (!isFromHere(c, config)) return refuseForeignForm(c);
    const presented = c.req.header('csrf') ?? (await formField(c, 'csrf'));
    return isCsrfToken(presented, c.var.csrfToken) ? next() : refuseForeignForm(c);
  };
}

function withinLimits(clock: Clock): Guard {
  const [pages, actions] = [rateLimiter(PAGES, clock), rateLimiter(ACTIONS, clock)];
  return async (c, next) => {
    const waitMs = (isReading(c) ? pages : actions).take(c.var.person.uid);
    return waitMs === 0 ? next() : refuseForNow(c, waitMs);
  };
}
