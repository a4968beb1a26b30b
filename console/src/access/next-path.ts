const MAX_CHARS = 2_000;
const NOWHERE = 'http://nowhere.invalid';

/**
 * Where to go after signing in: the path of this site that `wanted` names, or the first page for anything that could lead
 * elsewhere or in a circle.
 */
export function nextPath(wanted: string | undefined): string {
  if (wanted === undefined || wanted.length > MAX_CHARS || !/^\/(?![/\\])[\u0021-\u007e]*$/.test(wanted)) return '/';
  if (!URL.canParse(wanted, NOWHERE)) return '/';
  const { origin, pathname, search } = new URL(wanted, NOWHERE);
  // Only what the browser will make of it counts: `/.//host` becomes `//host`, which is another site.
  if (origin !== NOWHERE || pathname.startsWith('//') || wanted.includes('\\')) return '/';
  return /^\/sign-(in|out)(\/|$)/.test(pathname) ? '/' : `${pathname}${search}`;
}
