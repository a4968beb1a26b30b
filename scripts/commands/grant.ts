import { firebaseIdentity } from '#adapters/firebase-auth/identity.ts';
import { ROLES, type Account, type Identity, type Role } from '#ports/identity.ts';
import { runCommand, usageError, type Arguments, type ExitCode } from '../terminal/command-line.ts';
import { projectIdOf, requireGoogleCredentials } from '../cloud/google-project.ts';
import { readHostPort } from '../cloud/host-port.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { auditRole, changeRole, type RoleChange, type WantedRole } from './role-change.ts';

const command = {
  name: 'npm run grant --',
  summary: 'Gives people access to the console, in a role: viewer (the default), operator, approver or admin.',
  positionals: ['[EMAIL]'],
  options: {
    role: {
      value: 'ROLE',
      help: 'viewer: reads; operator: also runs playbooks; approver: also decides; admin: everything.',
    },
    create: { help: 'Creates a missing account, and prints a link with which its owner chooses a password.' },
    unverified: { help: 'Accepts an account with an unverified address: anyone could have created it.' },
    revoke: { help: 'Removes access.' },
    list: { help: 'Lists everyone who has access.' },
    project: { value: 'ID', help: 'The Firebase project, or an alias from .firebaserc.' },
    json: { help: 'Prints the result as JSON.' },
  },
  notes: [
    'Roles are custom claims of Firebase Authentication (superUser, playbookRole); other claims stay unchanged. A person whose role changes is signed out everywhere.',
    'Each change is recorded in the audit log of the database that PLAYBOOK_DATABASE names. With FIREBASE_AUTH_EMULATOR_HOST=host:port, the Auth emulator stands in for Firebase.',
  ],
} as const;

type Given = Arguments<keyof typeof command.options>;

/** What a call requests. */
type Wanted = { readonly kind: 'list' } | ({ readonly kind: 'change' } & WantedRole);

/** The command: resolves to its exit code. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const wanted = wantedOf(given);
    if (typeof wanted === 'string') return usageError(command.name, wanted, terminal);
    const identity = await openIdentity(given, terminal);
    try {
      if (wanted.kind === 'list') list(await identity.listPeople(), given, terminal);
      else await change(identity, wanted, given, terminal);
      return 0;
    } finally {
      await identity.close();
    }
  });
}

function wantedOf(given: Given): Wanted | string {
  const [email] = given.positionals;
  if (given.flag('list')) {
    const surplus =
      email !== undefined ||
      (['revoke', 'create', 'unverified'] as const).some((name) => given.flag(name)) ||
      given.text('role') !== undefined;
    return surplus ? '--list takes no other arguments.' : { kind: 'list' };
  }
  if (email === undefined) return 'EMAIL is missing: the address of the account.';
  if (given.flag('revoke')) {
    const surplus = given.flag('create') || given.text('role') !== undefined;
    return surplus
      ? '--revoke cannot be combined with --role or --create.'
      : { kind: 'change', email, role: null, create: false, unverified: true };
  }
  const asked = given.text('role') ?? 'viewer';
  const role = ROLES.find((known) => known === asked);
  if (role === undefined) return `Unknown role ${asked}. Use one of ${ROLES.join(', ')}.`;
  return { kind: 'change', email, role, create: given.flag('create'), unverified: given.flag('unverified') };
}

async function openIdentity(given: Given, terminal: Terminal): Promise<Identity> {
  const projectId = await projectIdOf(given.text('project'), terminal);
  const emulatorHost = terminal.env['FIREBASE_AUTH_EMULATOR_HOST'] || undefined;
  if (emulatorHost === undefined)
    await requireGoogleCredentials('FIREBASE_AUTH_EMULATOR_HOST=host:port for the emulator');
  else readHostPort('FIREBASE_AUTH_EMULATOR_HOST', emulatorHost);
  return firebaseIdentity({ projectId, apiKey: undefined, emulatorHost });
}

/** Changes a role, records the change, and prints the result. */
async function change(
  identity: Identity,
  wanted: Extract<Wanted, { kind: 'change' }>,
  given: Given,
  terminal: Terminal,
): Promise<void> {
  const changed = await changeRole(identity, wanted);
  const audited = changed.isChange && (await auditRole(changed, given.text('project'), terminal));
  if (given.flag('json')) return terminal.out(JSON.stringify(jsonOf(changed, audited), undefined, 2));
  const { account, before, passwordResetLink } = changed;
  terminal.out(`${terminal.paint('green', '✓')} ${sentenceOf(account, before)}`);
  if (passwordResetLink !== undefined) {
    terminal.out(`Send this link to ${account.email}, who can choose a password with it:\n${passwordResetLink}`);
  }
  for (const warning of warningsAbout(account)) terminal.error(`${terminal.paint('yellow', '!')} ${warning}`);
}

function jsonOf({ account, role, before, passwordResetLink }: RoleChange, audited: boolean) {
  const { email, uid, disabled, emailVerified } = account;
  const created = passwordResetLink !== undefined;
  return { email, uid, role, before, created, disabled, emailVerified, audited, passwordResetLink };
}

function sentenceOf({ email, role }: Account, before: Role | null): string {
  if (role === before) return role === null ? `${email} had no access already.` : `${email} is already ${role}.`;
  if (role === null) return `${email} no longer has access, and is signed out everywhere.`;
  return `${email} is now ${role} (before: ${before ?? 'no access'}), and must sign in again.`;
}

function warningsAbout({ email, role, disabled }: Account): readonly string[] {
  return role !== null && disabled ? [`The account of ${email} is disabled, so its owner cannot sign in.`] : [];
}

function list(people: readonly Account[], given: Given, terminal: Terminal): void {
  if (given.flag('json')) return terminal.out(JSON.stringify(people, undefined, 2));
  if (people.length === 0) return terminal.out('Nobody has access. Grant a role: npm run grant -- EMAIL --role admin');
  const width = Math.max(...people.map(({ email }) => email.length)) + 2;
  for (const { email, role, disabled } of people) {
    terminal.out(`${email.padEnd(width)}${role ?? ''}${disabled ? '  (disabled)' : ''}`);
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
