import { PlaybookError } from '#core/failure.ts';
import { SESSION_MS, type Account, type Identity, type Person, type Role, type SignIn } from '#ports/identity.ts';
import { accountOf, isRevoked, isSessionShaped, personOf, withRole } from './account.ts';
import { openClient, type Client } from './client.ts';
import { isNoSession } from './failure.ts';
import { checkPassword, type PasswordVerdict } from './password-check.ts';

const CALL_TIMEOUT_MS = 10_000;
const ACCOUNTS_PER_PAGE = 1000;

/** Which project, and how to access its accounts. */
export interface FirebaseIdentityOptions {
  readonly projectId: string | undefined;
  /** The web API key of the Firebase project; needed to sign in, except with the emulator. */
  readonly apiKey: string | undefined;
  /**
   * The value of FIREBASE_AUTH_EMULATOR_HOST, which Firebase's SDK reads itself. The emulator's tokens are not signed.
   */
  readonly emulatorHost: string | undefined;
  /** Our limit for one call; 10 s by default. */
  readonly timeoutMs?: number;
}

/** Firebase Authentication: Google checks the passwords, sessions are its signed cookies, roles are custom claims. */
export function firebaseIdentity(options: FirebaseIdentityOptions): Identity {
  const { projectId, apiKey, emulatorHost, timeoutMs = CALL_TIMEOUT_MS } = options;
  const client = openClient(projectId, timeoutMs);
  return {
    async signIn(email, password) {
      const verdict = await checkPassword({ email, password }, { apiKey, emulatorHost, timeoutMs });
      return letIn(client, email, verdict);
    },
    verify: (sessionCookie) => verify(client, sessionCookie),
    revoke: (uid) => revoke(client, uid),
    async findAccount(email) {
      const user = await client.find((auth) => auth.getUserByEmail(email));
      return user === undefined ? undefined : accountOf(user);
    },
    listPeople: () => listPeople(client),
    grant: (email, role) => grant(client, email, role),
    createAccount: (email) => createAccount(client, email),
    close: () => client.close(),
  };
}

async function createAccount(client: Client, email: string): ReturnType<Identity['createAccount']> {
  const user = await client.call('Creating the account', (auth) => auth.createUser({ email, emailVerified: false }));
  const passwordResetLink = await client.call('Making the link for a password', (auth) =>
    auth.generatePasswordResetLink(email),
  );
  return { account: accountOf(user), passwordResetLink };
}

async function letIn(client: Client, email: string, verdict: PasswordVerdict): Promise<SignIn> {
  if (verdict.kind === 'wrong') return { outcome: 'refused' };
  const user = await client.find((auth) =>
    verdict.kind === 'right' ? auth.getUser(verdict.uid) : auth.getUserByEmail(email),
  );
  const person = user === undefined ? undefined : personOf(accountOf(user));
  // Accounts that are not super users do not learn that the password was correct.
  if (person === undefined) return { outcome: 'refused' };
  if (verdict.kind === 'unfinished') return { outcome: 'unfinished', needs: verdict.needs };
  const sessionCookie = await client.call('Beginning a session', (auth) =>
    auth.createSessionCookie(verdict.idToken, { expiresIn: SESSION_MS }),
  );
  return { outcome: 'signed_in', sessionCookie, person };
}

async function verify(client: Client, sessionCookie: string): Promise<Person | undefined> {
  if (!isSessionShaped(sessionCookie)) return undefined;
  const session = await client.call('Checking a session', (auth) =>
    auth.verifySessionCookie(sessionCookie).catch((thrown: unknown) => {
      if (isNoSession(thrown)) return undefined;
      throw thrown;
    }),
  );
  if (session === undefined) return undefined;
  // The session's claims are from when it began; the account's are current.
  const user = await client.find((auth) => auth.getUser(session.uid));
  return user === undefined || isRevoked(session, user) ? undefined : personOf(accountOf(user));
}

function revoke(client: Client, uid: string): Promise<void> {
  return client.call('Ending the sessions of an account', (auth) => auth.revokeRefreshTokens(uid));
}

async function listPeople(client: Client): Promise<readonly Account[]> {
  const people: Account[] = [];
  let page: string | undefined;
  do {
    const from = page;
    const some = await client.call('Listing the accounts', (auth) => auth.listUsers(ACCOUNTS_PER_PAGE, from));
    people.push(...some.users.map(accountOf).filter(({ role }) => role !== null));
    page = some.pageToken;
  } while (page !== undefined);
  return people.toSorted((one, other) => one.email.localeCompare(other.email));
}

async function grant(client: Client, email: string, role: Role | null): Promise<Account> {
  const user = await client.find((auth) => auth.getUserByEmail(email));
  if (user === undefined) throw new PlaybookError('input_invalid', `There is no account with the address ${email}.`);
  const claims = withRole(user.customClaims ?? {}, role);
  await client.call('Changing the role', (auth) => auth.setCustomUserClaims(user.uid, claims));
  await revoke(client, user.uid);
  return { ...accountOf(user), role };
}
