import { sign } from 'node:crypto';

/** The signing key, and the id under which the other side finds it. */
export interface TokenKey {
  readonly id: string;
  /** PEM; empty for a token without a signature. */
  readonly key: string;
}

/** A test's changes to a token. */
export interface TokenChanges {
  readonly header?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, string | number | boolean>>;
}

/** A token like Google's for Cloud Scheduler: from `email`, for `audience`, valid for an hour. */
export function googleToken(
  { id, key }: TokenKey,
  { audience, email }: { readonly audience: string; readonly email: string },
  { header = {}, claims = {} }: TokenChanges = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const who = { iss: 'https://accounts.google.com', aud: audience, email, email_verified: true, sub: '1' };
  const content = [
    { alg: 'ES256', kid: id, typ: 'JWT', ...header },
    { ...who, iat: now, exp: now + 3600, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature =
    key === '' ? '' : sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `${content}.${signature}`;
}
