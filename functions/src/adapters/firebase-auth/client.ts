import type { Auth, UserRecord } from 'firebase-admin/auth';
import { replaceableClient } from '../replaceable-client.ts';
import { authCodeOf, authFailure } from './failure.ts';

const NO_ACCOUNT = ['auth/user-not-found', 'auth/invalid-email', 'auth/invalid-uid'];

/** The connected SDK, with our own time limit. */
export interface Client {
  /**
   * One call; `attempted` precedes "failed" in the message of an error. The SDK cannot be cancelled: we just stop
   * waiting.
   */
  call<Value>(attempted: string, request: (auth: Auth) => Promise<Value>): Promise<Value>;
  /** One account, or undefined if the SDK finds none. */
  find(request: (auth: Auth) => Promise<UserRecord>): Promise<UserRecord | undefined>;
  close(): Promise<void>;
}

interface Connection {
  readonly auth: Auth;
  close(): Promise<void>;
}

let connectionsMade = 0;

/** Accounts and sessions of a project; by default, that of the environment. The first call loads the SDK. */
export function openClient(projectId: string | undefined, timeoutMs: number): Client {
  const client = replaceableClient({
    what: 'Firebase Authentication',
    timeoutMs,
    open: () => connect(projectId),
    close: (connection) => connection.close(),
    isLate: (thrown) => authCodeOf(thrown) === 'app/network-timeout',
  });

  async function call<Value>(attempted: string, request: (auth: Auth) => Promise<Value>): Promise<Value> {
    try {
      return await client.call(({ auth }) => request(auth));
    } catch (thrown) {
      throw authFailure(thrown, attempted);
    }
  }

  return {
    call,
    find: (request) => call('Looking an account up', (auth) => request(auth).catch(undefinedForNobody)),
    close: () => client.close(),
  };
}

function undefinedForNobody(thrown: unknown): undefined {
  if (NO_ACCOUNT.includes(authCodeOf(thrown) ?? '')) return undefined;
  throw thrown;
}

async function connect(projectId: string | undefined): Promise<Connection> {
  const [{ initializeApp, deleteApp }, { getAuth }] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/auth'),
  ]);
  connectionsMade += 1;
  // Named, so that the default app remains available to embedding code.
  const app = initializeApp(projectId === undefined ? {} : { projectId }, `identity-${connectionsMade}`);
  return { auth: getAuth(app), close: () => deleteApp(app) };
}
