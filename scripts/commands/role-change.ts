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
  /** Whether a missing account may be created. */
  readonly create: boolean;
  /** Whether its address may be unverified. */
  readonly unverified: boolean;
}

/** An account after the change. */
export interface RoleChange {
  readonly account: Account;
  readonly role: Role | null;
  readonly before: Role | null;
  readonly isChange: boolean;
  /** Only of an account that was created. */
  readonly passwordResetLink: string | undefined;
}

/**
 * Gives an account its role; creates a missing account if `create` allows it. Throws `input_invalid` if the account may
 * not get this role, and what the identity throws.
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

/** The account with this address, if any. Throws `input_invalid` if it may not get a role as requested. */
async function foundAccount(
  identity: Identity,
  { email, create, unverified }: WantedRole,
): Promise<Account | undefined> {
  const found = await identity.findAccount(email);
  if (found === undefined && !create) {
    throw new PlaybookError(
      'input_invalid',
      `No account has the address ${email}. Pass --create to create one; its owner chooses the password with a link.`,
    );
  }
  if (found?.emailVerified === false && !unverified) {
    throw new PlaybookError(
      'input_invalid',
      `The address ${email} is not verified: somebody else may have created the account. Let its owner sign in and verify it, or pass --unverified if you know that the account is theirs.`,
    );
  }
  return found;
}

/**
 * Records the change in the audit log of the database that the environment names; resolves to whether it is recorded.
 * The claims are changed already, so if the database is out of reach, only a warning is printed.
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
