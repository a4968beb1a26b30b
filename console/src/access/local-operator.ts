import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** The names by which a browser reaches its own machine, with any port: it may have been forwarded. */
const OWN_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i;

/**
 * Refuses callers that reach us by a name that is not this machine's: a page of any site could otherwise come here under its own
 * name, by making that name lead to 127.0.0.1.
 */
export const onlyThisMachine: MiddlewareHandler = async (c, next) => {
  if (OWN_NAME.test(c.req.header('host') ?? '')) return next();
  return c.text('This console is only available at localhost.', 421);
};

/**
 * The session of the person at this machine: random, and one for the life of the process, so that forms are protected as
 * everywhere. The returned function gives it to a browser that does not have it. The cookie bears the port, because browsers
 * send the cookies of one port of `localhost` to all.
 */
export function localSession(): (c: Context) => string {
  const session = `local.${randomBytes(32).toString('base64url')}`;
  return (c) => {
    const [, port = '80'] = OWN_NAME.exec(c.req.header('host') ?? '') ?? [];
    const cookie = `__session_${port}`;
    if (getCookie(c, cookie) !== session) {
      setCookie(c, cookie, session, { httpOnly: true, sameSite: 'Strict', path: '/' });
    }
    return session;
  };
}
