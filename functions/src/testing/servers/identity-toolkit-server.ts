import { z } from 'zod';
import { jsonReply, startLocalServer, type LocalReply, type LocalRequest, type LocalServer } from './local-server.ts';

/** An account as Identity Toolkit stores it; a test can add and change accounts. */
export interface KeptAccount {
  readonly localId: string;
  readonly email: string;
  password?: string;
  disabled?: boolean;
  emailVerified?: boolean;
  /** The custom claims as JSON. */
  customAttributes?: string;
  /** Seconds; sessions that began earlier are no longer valid. */
  validSince?: string;
  /** Whether a second factor is required after the password. */
  hasSecondFactor?: boolean;
}

/** A local server with the REST API of Identity Toolkit, like the Auth emulator: its tokens are not signed. */
export interface IdentityToolkitServer extends LocalServer {
  readonly accounts: Map<string, KeptAccount>;
  /** `METHOD /path` of every request, in order. */
  readonly calls: string[];
  /** Answers the next request with this error instead; `'hang'` never answers it. */
  readonly faults: ({ readonly status: number; readonly message: string } | 'hang')[];
}

const PROJECT = 'demo-playbooks';
const Body = z.object({
  email: z.union([z.string(), z.array(z.string())]).optional(),
  localId: z.union([z.string(), z.array(z.string())]).optional(),
  password: z.string().optional(),
  customAttributes: z.string().optional(),
  validSince: z.union([z.string(), z.number()]).optional(),
  idToken: z.string().optional(),
  validDuration: z.union([z.string(), z.number()]).optional(),
});
type Body = z.infer<typeof Body>;

/** Starts the server. FIREBASE_AUTH_EMULATOR_HOST must point to it before the SDK is used. */
export async function startIdentityToolkitServer(): Promise<IdentityToolkitServer> {
  const accounts = new Map<string, KeptAccount>();
  const calls: string[] = [];
  const faults: IdentityToolkitServer['faults'][number][] = [];
  const server = await startLocalServer((request) => {
    calls.push(`${request.method} ${request.url.pathname}`);
    const fault = faults.shift();
    if (fault === 'hang') return { kind: 'hang' };
    if (fault !== undefined) return refuse(fault.status, fault.message);
    return answer(request, accounts);
  });
  return { ...server, accounts, calls, faults };
}

function answer(request: LocalRequest, accounts: Map<string, KeptAccount>): LocalReply {
  const path = request.url.pathname.replace(/^\/identitytoolkit\.googleapis\.com\/v1\//, '');
  if (path === 'accounts:signInWithPassword') return signIn(bodyOf(request), accounts);
  if (request.headers['authorization'] !== 'Bearer owner') return refuse(401, 'UNAUTHENTICATED');
  switch (path) {
    case `projects/${PROJECT}/accounts`:
      return create(bodyOf(request), accounts);
    case `projects/${PROJECT}/accounts:lookup`:
      return jsonReply(200, { users: matching(bodyOf(request), accounts) });
    case `projects/${PROJECT}/accounts:update`:
      return update(bodyOf(request), accounts);
    case `projects/${PROJECT}/accounts:batchGet`:
      return jsonReply(200, { users: [...accounts.values()] });
    case `projects/${PROJECT}/accounts:sendOobCode`:
      return jsonReply(200, {
        oobLink: `http://local/action?mode=resetPassword&email=${String(bodyOf(request).email)}`,
      });
    case `projects/${PROJECT}:createSessionCookie`:
      return sessionOf(bodyOf(request));
    default:
      return refuse(404, 'Not found.');
  }
}

function signIn({ email, password }: Body, accounts: Map<string, KeptAccount>): LocalReply {
  const account = [...accounts.values()].find((known) => known.email === email);
  if (account === undefined || account.password === undefined || account.password !== password) {
    return refuse(400, 'INVALID_LOGIN_CREDENTIALS');
  }
  if (account.disabled === true) return refuse(400, 'USER_DISABLED');
  if (account.hasSecondFactor === true) {
    return jsonReply(200, { localId: account.localId, mfaPendingCredential: 'pending', mfaInfo: [{}] });
  }
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: account.localId, user_id: account.localId, email, auth_time: now, iat: now, exp: now + 3600 };
  const idToken = unsigned({ ...claims, aud: PROJECT, iss: `https://securetoken.google.com/${PROJECT}` });
  return jsonReply(200, { localId: account.localId, idToken, registered: true });
}

function create({ email }: Body, accounts: Map<string, KeptAccount>): LocalReply {
  if (typeof email !== 'string' || !email.includes('@')) return refuse(400, 'INVALID_EMAIL');
  if ([...accounts.values()].some((known) => known.email === email)) return refuse(400, 'EMAIL_EXISTS');
  const localId = `uid-${accounts.size + 1}`;
  accounts.set(localId, { localId, email, emailVerified: false });
  return jsonReply(200, { localId });
}

function update({ localId, customAttributes, validSince }: Body, accounts: Map<string, KeptAccount>): LocalReply {
  const account = accounts.get(String(localId));
  if (account === undefined) return refuse(400, 'USER_NOT_FOUND');
  if (customAttributes !== undefined) account.customAttributes = customAttributes;
  if (validSince !== undefined) account.validSince = String(validSince);
  return jsonReply(200, { localId });
}

function matching({ email, localId }: Body, accounts: Map<string, KeptAccount>): readonly KeptAccount[] {
  const [emails, ids] = [[email ?? []].flat(), [localId ?? []].flat()];
  return [...accounts.values()].filter((known) => emails.includes(known.email) || ids.includes(known.localId));
}

function sessionOf({ idToken, validDuration }: Body): LocalReply {
  const payload: unknown = JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, exp: now + Number(validDuration), iss: `https://session.firebase.google.com/${PROJECT}` };
  return jsonReply(200, { sessionCookie: unsigned({ ...z.looseObject({}).parse(payload), ...times }) });
}

/** An unsigned token, like those of the Auth emulator. */
export function unsigned(payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(payload)}.`;
}

function bodyOf({ body }: LocalRequest): Body {
  return Body.parse(JSON.parse(body || '{}'));
}

function refuse(status: number, message: string): LocalReply {
  return jsonReply(status, {
    error: { code: status, message, errors: [{ message, reason: 'invalid', domain: 'global' }] },
  });
}
