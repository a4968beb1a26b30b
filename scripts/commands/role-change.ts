import { randomUUID } from 'node:crypto';
import { systemClock } from '#adapters/system-clock.ts';
import { PlaybookError } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { Account, Identity, Role } from '#ports/identity.ts';
import { appendAudit } from '#records/audit/audit-log.ts';
import { openDatabase } from '../project/open-database.ts';
import { type Terminal, userOf } from '../terminal/terminal.ts';

/** The role that an account is to have; null for none. */
export interface WantedRole {
  readonly email: string;
  readonly role: Role | null;
  /** Whether the account may be made where there is none. */
  readonly create: boolean;
  /** Whether its address need not be confirmed. */
  readonly unverified: boolean;
}

/** What became of an account. */
export interface RoleChange {
  readonly account: Account;
  readonly role: Role | null;
  readonly before: Role | null;
  readonly isChange: boolean;
  /** Of an account that was made; undefined for one that was there. */
  readonly passwordResetLink: string | undefined;
}

/**
 * Gives an account its role, and makes the account where it is missing and may be made. Throws `input_invalid` where it may
 * not get the role as it was asked for, and what the identity throws.
 */
export async function changeRole(identity: Identity, wanted: WantedRole): Promise<RoleChange> {
  const { email, role } = wanted;
  const found = await foundAccount(identity, wanted);
  const { account, passwordResetLink } =
    found === undefined ? await identity.createAccount(email) : { account: found, passwordResetLink: undefined };
  const before = found?.role ?? null;
  const isChange = before !== role;
  return {
    account: isChange ? await identity.grant(email, role) : account,
    role,
    before,
    isChange,
    passwordResetLink,
  };
}

/** The account of an address, if there is one. Throws `input_invalid` where it may not get a role as it was asked for. */
async function foundAccount(
  identity: Identity,
  { email, create, unverified }: WantedRole,
): Promise<Account | undefined> {
  const found = await identity.findAccount(email);
  if (found === undefined && !create) {
    throw new PlaybookError(
      'input_invalid',
      `There is no account with the address ${email}. Say --create to make one; its owner chooses the password by a link.`,
    );
  }
  if (found?.emailVerified === false && !unverified) {
    throw new PlaybookError(
      'input_invalid',
      `Nobody has confirmed the address ${email}: whoever made the account may be somebody else. Let its owner sign in and confirm it, or say --unverified if you know that it is theirs.`,
    );
  }
  return found;
}

/**
 * Records the change in the audit log of the database that the environment names; resolves to whether it is there now. The
 * claims are changed already, so that a database out of reach is only told.
 */
export async function auditRole(
  change: RoleChange,
  projectId: string | undefined,
  terminal: Terminal,
): Promise<boolean> {
  try {
    const { documents } = await openDatabase(terminal, projectId);
    try {
      const world = { documents, clock: systemClock, newId: randomUUID };
      await appendAudit(world, { email: `${userOf(terminal)} (npm run grant)`, role: null }, entryOf(change));
    } finally {
      await documents.close();
    }
    return true;
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) && !(thrown instanceof DocumentsError)) throw thrown;
    terminal.error(`${terminal.paint('yellow', '!')} This is not in the audit log: ${thrown.message}`);
    return false;
  }
}

function entryOf({ account: { uid, email, role }, before }: RoleChange) {
  return {
    action: role === null ? ('role_revoked' as const) : ('role_granted' as const),
    target: { kind: 'person' as const, id: uid, name: email },
    details: { before, after: role },
  };
}
