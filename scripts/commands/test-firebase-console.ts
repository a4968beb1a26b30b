import { setTimeout as delay } from 'node:timers/promises';
import { ACTIONS, may, type Action } from '#console/access/roles.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { ROLES, type Role } from '#ports/identity.ts';
import { verifyChain } from '#records/audit/audit-chain.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { unsigned } from '#testing/servers/identity-toolkit-server.ts';
import type { Checks } from './firebase-checks.ts';
import { main as grant } from './grant.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';

/** What is running: the built console, the Auth emulator, and the database of both. */
export interface ConsoleUnderTest {
  readonly url: string;
  /** `host:port`. */
  readonly authEmulator: string;
  readonly projectId: string;
  readonly documents: Documents;
  /** The environment of the console; `npm run grant` gets the same. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PASSWORD = 'correct horse battery staple';
const FRESH_LIMIT_MS = 65_000;

/**
 * One request for each action, with names that do not exist: a permitted caller is told so, any other is refused
 * before.
 */
const REQUESTS: Readonly<Record<Action, readonly ['GET' | 'POST', string]>> = {
  read: ['GET', '/executions'],
  export: ['GET', '/executions.csv'],
  comment: ['POST', '/inbox/none/comment'],
  assign: ['POST', '/inbox/none/assign'],
  close_thread: ['POST', '/inbox/none/close'],
  decide: ['POST', '/inbox/none/approve'],
  undo: ['POST', '/inbox/none/undo'],
  modify_payload: ['POST', '/inbox/none/modify'],
  run_playbook: ['POST', '/playbooks/none/run'],
  pause_playbook: ['POST', '/playbooks/none/pause'],
  end_execution: ['POST', '/executions/none/end'],
  switch_playbook: ['POST', '/playbooks/none/disable'],
  change_control: ['POST', '/control'],
};

/**
 * Signs in through the console's own form with accounts of the Auth emulator, and tries what each role may and may not
 * do, and invalid sessions. Throws at the first check that fails.
 */
export async function checkConsole(console: ConsoleUnderTest, checks: Checks): Promise<void> {
  for (const role of ROLES) await createAccount(console, role);
  for (const role of ROLES) await grantRole(console, [emailOf(role), '--role', role, '--unverified']);
  await createAccount(console, 'stranger');

  const refused = await signIn(console, 'stranger');
  checks.equal('the sign-in of an account without a role', refused.status, 401);
  checks.equal('the cookie of an account without a role', refused.cookie, '');
  const wrong = await signIn(console, 'admin', 'wrong');
  checks.equal('a wrong password', wrong.status, 401);
  checks.equal('what both are told', wrong.text.replace(emailOf('admin'), emailOf('stranger')), refused.text);

  const cookies = new Map<Role, string>();
  for (const role of ROLES) {
    const { status, cookie } = await signIn(console, role);
    checks.equal(`the sign-in of ${role}`, status, 303);
    cookies.set(role, cookie);
  }
  for (const [role, cookie] of cookies) await checkRole(console, checks, role, cookie);
  await checkSessions(console, checks, cookies);
  await checkAudit(console, checks);
}

async function checkRole(console: ConsoleUnderTest, checks: Checks, role: Role, cookie: string): Promise<void> {
  const token = await csrfToken(console, cookie);
  for (const action of ACTIONS) {
    const [method, path] = REQUESTS[action];
    const response = await send(console, { method, path, cookie, fields: { csrf: token } });
    const isRefused = response.status === 403;
    checks.equal(
      `whether ${role} is refused ${action} (${method} ${path}: ${response.status})`,
      isRefused,
      !may(role, action),
    );
    if (method === 'GET') continue;
    const forged = await send(console, { method, path, cookie, fields: { csrf: 'a'.repeat(64) } });
    checks.equal(`${action} as ${role} with another session's form`, forged.status, 403);
  }
}

async function checkSessions(
  console: ConsoleUnderTest,
  checks: Checks,
  cookies: ReadonlyMap<Role, string>,
): Promise<void> {
  const cookieOf = (role: Role): string => cookies.get(role) ?? '';
  await checkForgedSessions(console, checks, cookieOf('admin'));
  await checkRevocation(console, checks, cookieOf('viewer'));

  const operator = cookieOf('operator');
  const csrf = await csrfToken(console, operator);
  await send(console, { method: 'POST', path: '/sign-out', cookie: operator, fields: { csrf } });
  checks.equal('a session after its sign-out', await statusWith(console, operator), 303);
}

async function checkForgedSessions(console: ConsoleUnderTest, checks: Checks, cookie: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const issuer = `https://session.firebase.google.com/${console.projectId}`;
  const content = { sub: subjectOf(cookie), aud: console.projectId, iss: issuer, auth_time: now - 90_000 };
  const expired = unsigned({ ...content, iat: now - 90_000, exp: now - 3_600 });
  checks.equal('a session that has expired', await statusWith(console, `__session=${expired}`), 303);
  checks.equal('a session that was cut', await statusWith(console, cookie.slice(0, -20)), 303);
  const nobody = unsigned({ ...content, sub: 'nobody', iat: now, exp: now + 3_600 });
  checks.equal('a session of an account that does not exist', await statusWith(console, `__session=${nobody}`), 303);
  checks.equal('no session', await statusWith(console, ''), 303);
}

/** Removes the viewer's role while they are signed in. */
async function checkRevocation(console: ConsoleUnderTest, checks: Checks, cookie: string): Promise<void> {
  // Session times are whole seconds: a session that began in the second in which all were ended would survive.
  await delay(1_100);
  await grantRole(console, [emailOf('viewer'), '--revoke']);
  const limitMs = performance.now() + FRESH_LIMIT_MS;
  while ((await statusWith(console, cookie)) === 200 && performance.now() < limitMs) await delay(1_000);
  checks.equal('a session whose role was taken away, a minute later', await statusWith(console, cookie), 303);
}

async function statusWith(console: ConsoleUnderTest, cookie: string): Promise<number> {
  return (await send(console, { path: '/executions', cookie })).status;
}

async function checkAudit({ documents }: ConsoleUnderTest, checks: Checks): Promise<void> {
  const { items } = await listAuditEntries(documents, {}, { limit: 50 });
  const counted = (action: string): number => items.filter((entry) => entry.action === action).length;
  checks.equal('sign-ins in the audit log', counted('signed_in'), ROLES.length);
  checks.equal('refused sign-ins in the audit log', counted('sign_in_refused'), 2);
  checks.equal('sign-outs in the audit log', counted('signed_out'), 1);
  checks.equal('roles granted in the audit log', counted('role_granted'), ROLES.length);
  checks.equal('roles taken away in the audit log', counted('role_revoked'), 1);
  checks.equal('the chain of the audit log', (await verifyChain(documents, {})).ok, true);
}

function emailOf(name: string): string {
  return `${name}@example.com`;
}

async function createAccount({ authEmulator }: ConsoleUnderTest, name: string): Promise<void> {
  const response = await fetch(`http://${authEmulator}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: emailOf(name), password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`The Auth emulator answered ${response.status}: ${await response.text()}`);
}

async function grantRole({ env }: ConsoleUnderTest, argv: readonly string[]): Promise<void> {
  const terminal = recordingTerminal({ env });
  if ((await grant(argv, terminal)) !== 0)
    throw new Error(`npm run grant -- ${argv.join(' ')} failed:\n${terminal.text()}`);
}

interface FormAnswer {
  readonly status: number;
  /** As the browser would send it back; empty if none was set. */
  readonly cookie: string;
  readonly text: string;
}

async function signIn(console: ConsoleUnderTest, name: string, password = PASSWORD): Promise<FormAnswer> {
  const fields = { email: emailOf(name), password, next: '/executions' };
  const response = await send(console, { method: 'POST', path: '/sign-in', fields });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: response.status, cookie, text: await response.text() };
}

async function csrfToken(console: ConsoleUnderTest, cookie: string): Promise<string> {
  const page = await (await send(console, { path: '/executions', cookie })).text();
  const token = /name="csrf" value="([0-9a-f]{64})"/.exec(page)?.[1];
  if (token === undefined) throw new Error('No form of the page carries a token.');
  return token;
}

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly cookie?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Sends a request like a browser on a page of the console. Follows no redirects. */
function send({ url }: ConsoleUnderTest, { method = 'GET', path, cookie = '', fields }: Sent): Promise<Response> {
  const { origin } = new URL(url);
  const body = method === 'GET' ? {} : { body: new URLSearchParams(fields) };
  return fetch(new URL(path, url), { method, headers: { cookie, origin }, redirect: 'manual', ...body });
}

/** The account of a session. */
function subjectOf(cookie: string): string {
  const payload: unknown = JSON.parse(Buffer.from(cookie.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return typeof payload === 'object' && payload !== null && 'sub' in payload ? String(payload.sub) : '';
}
