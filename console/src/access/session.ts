import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_MS } from '#ports/identity.ts';

/** The one name that Firebase Hosting lets through, too. */
const COOKIE = '__session';

/** The session that a request brings; undefined without one. */
export function sessionOf(c: Context): string | undefined {
  return getCookie(c, COOKIE) || undefined;
}

/** Gives the browser a session: not for scripts, not for other sites, and only over TLS where there is TLS. */
export function beginSession(c: Context, sessionCookie: string, secure: boolean): void {
  const maxAge = SESSION_MS / 1000;
  setCookie(c, COOKIE, sessionCookie, { httpOnly: true, secure, sameSite: 'Lax', path: '/', maxAge });
}

/** Takes the session out of the browser. */
export function endSession(c: Context, secure: boolean): void {
  deleteCookie(c, COOKIE, { httpOnly: true, secure, sameSite: 'Lax', path: '/' });
}
