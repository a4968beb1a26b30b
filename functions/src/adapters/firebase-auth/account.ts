import type { DecodedIdToken, UserRecord } from 'firebase-admin/auth';
import { z } from 'zod';
import { ROLES, type Account, type Person, type Role } from '#ports/identity.ts';

/** The claims that we read. Only `true` itself makes a super user; an unknown role counts as the lowest. */
const Claims = z.object({ superUser: z.literal(true), playbookRole: z.enum(ROLES).catch('viewer') });

/** The role in an account's claims; `null` without `superUser: true`. */
export function roleOf(claims: unknown): Role | null {
  const read = Claims.safeParse(claims);
  return read.success ? read.data.playbookRole : null;
}

/** The account's other claims with those of this role, or without ours. */
export function withRole(claims: object, role: Role | null): object {
  const others = Object.entries(claims).filter(([name]) => name !== 'superUser' && name !== 'playbookRole');
  return Object.fromEntries(role === null ? others : [...others, ['superUser', true], ['playbookRole', role]]);
}

/** The account of a record of Firebase Authentication. */
export function accountOf(user: UserRecord): Account {
  const { uid, email = '', disabled, emailVerified } = user;
  return { uid, email, role: roleOf(user.customClaims), disabled, emailVerified };
}

/** The user of an account; `undefined` if it is disabled, has no address or is not a super user. */
export function personOf({ uid, email, role, disabled }: Account): Person | undefined {
  return role === null || disabled || email === '' ? undefined : { uid, email, role };
}

/** Whether a session began before the account's sessions were last ended. Both times are in whole seconds. */
export function isRevoked(
  session: Pick<DecodedIdToken, 'auth_time'>,
  user: Pick<UserRecord, 'tokensValidAfterTime'>,
): boolean {
  return session.auth_time * 1000 < Date.parse(user.tokensValidAfterTime ?? '');
}

/** Whether a text could be a session cookie; Firebase's SDK fails on some that could not. */
export function isSessionShaped(text: string): boolean {
  const [header, payload, , surplus] = text.split('.');
  return text.length <= 4096 && surplus === undefined && [header, payload].every(isEncodedObject);
}

function isEncodedObject(part: string | undefined): boolean {
  try {
    return z.looseObject({}).safeParse(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))).success;
  } catch {
    return false;
  }
}
