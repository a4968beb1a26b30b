import { requireGoogleCredentials } from '../cloud/google-credentials.ts';
import { firebaseIdentity } from '#adapters/firebase-auth/identity.ts';
import { ROLES, type Account, type Identity, type Role } from '#ports/identity.ts';
import { runCommand, usageError, type Arguments, type ExitCode } from '../terminal/command-line.ts';
import { projectIdOf } from '../cloud/google-project.ts';
import { readHostPort } from '../cloud/host-port.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { auditRole, changeRole, type RoleChange, type WantedRole } from './role-change.ts';

const command = {
  name: 'npm run grant --',
  summary:
    'Says who may enter the console, and in which role: viewer (unless said otherwise), operator, approver or admin.',
  positionals: ['[EMAIL]'],
  options: {
    role: {
      value: 'ROLE',
      help: 'viewer reads; operator also runs playbooks; approver also decides; admin may do all.',
    },
    create: { help: 'Makes the account where there is none, and prints a link by which its owner chooses a password.' },
    unverified: { help: 'Also for an account whose address nobody has confirmed: it may be that of somebody else.' },
    revoke: { help: 'Takes the right to enter away.' },
    list: { help: 'Lists who may enter.' },
    project: { value: 'ID', help: 'The Firebase project, or an alias of .firebaserc.' },
    json: { help: 'Prints the result as JSON.' },
  },
  notes: [
    'Roles are custom claims of Firebase Authentication (superUser, playbookRole); other claims stay as they are. Whoever gets or loses a role is signed out everywhere.',
    'Each change goes to the audit log of the database that PLAYBOOK_DATABASE names. With FIREBASE_AUTH_EMULATOR_HOST=host:port the Auth emulator stands in for Firebase.',
  ],
} as const;

type Given = Arguments<keyof typeof command.options>;

/** What a call asks for. */
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
    return surplus ? '--list stands alone.' : { kind: 'list' };
  }
  if (email === undefined) return 'EMAIL is missing: the address of the account.';
  if (given.flag('revoke')) {
    const surplus = given.flag('create') || given.text('role') !== undefined;
    return surplus
      ? '--revoke goes with neither --role nor --create.'
      : { kind: 'change', email, role: null, create: false, unverified: true };
  }
  const asked = given.text('role') ?? 'viewer';
  const role = ROLES.find((known) => known === asked);
  if (role === undefined) return `There is no role ${asked}. Say one of ${ROLES.join(', ')}.`;
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

/** Changes a role, records it, and says what it came to. */
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
    terminal.out(`Send this link to ${account.email}; with it they choose their password:\n${passwordResetLink}`);
  }
  for (const warning of warningsAbout(account)) terminal.error(`${terminal.paint('yellow', '!')} ${warning}`);
}

function jsonOf({ account, role, before, passwordResetLink }: RoleChange, audited: boolean) {
  const { email, uid, disabled, emailVerified } = account;
  const created = passwordResetLink !== undefined;
  return { email, uid, role, before, created, disabled, emailVerified, audited, passwordResetLink };
}

function sentenceOf({ email, role }: Account, before: Role | null): string {
  if (role === before) return role === null ? `${email} could not enter anyway.` : `${email} is ${role} already.`;
  if (role === null) return `${email} may not enter any more, and is signed out everywhere.`;
  return `${email} is ${role} now (before: ${before ?? 'nobody'}), and signs in anew.`;
}

function warningsAbout({ email, role, disabled }: Account): readonly string[] {
  return role !== null && disabled ? [`The account of ${email} is disabled: nobody can sign in with it.`] : [];
}

function list(people: readonly Account[], given: Given, terminal: Terminal): void {
  if (given.flag('json')) return terminal.out(JSON.stringify(people, undefined, 2));
  if (people.length === 0) return terminal.out('Nobody may enter. Grant a role: npm run grant -- EMAIL --role admin');
  const width = Math.max(...people.map(({ email }) => email.length)) + 2;
  for (const { email, role, disabled } of people) {
    terminal.out(`${email.padEnd(width)}${role ?? ''}${disabled ? '  (disabled)' : ''}`);
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
