import { createHash, timingSafeEqual } from 'node:crypto';

/** What a request says of where it was made. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: the browser's own word, which no page can write. */
  readonly site: string | undefined;
  readonly host: string | undefined;
  /** `X-Forwarded-Host`: the name that the browser knows, where a proxy gives us another one. */
  readonly forwardedHost: string | undefined;
}

/**
 * Whether a page of this console made the request, by headers that only the browser writes. Which names are ours the
 * configuration says; else the request itself: a page of another site can make neither `Host` nor `X-Forwarded-Host` say its
 * own name, and anyone who can has no other person's cookie.
 */
export function isSameOrigin(
  { origin, site, host, forwardedHost }: RequestOrigin,
  { origins, behindProxy }: { readonly origins: readonly string[]; readonly behindProxy: boolean },
): boolean {
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return site === 'same-origin';
  if (origins.length > 0) return origins.includes(origin);
  if (origin !== 'null' && site === 'same-origin') return true;
  return origin === (behindProxy ? `https://${forwardedHost ?? host}` : `http://${host}`);
}

/** What the forms of a session carry: only a page of that session can know it. */
export function csrfTokenOf(sessionCookie: string): string {
  return createHash('sha256').update(`csrf:${sessionCookie}`).digest('hex');
}

/** Whether a form carries the token of its session. Compares in constant time. */
export function isCsrfToken(presented: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented ?? ''), digest(expected));
}
