import { z } from 'zod';
import { crc32c } from './crc32c.ts';
import { jsonReply, startLocalServer, type LocalReply, type LocalRequest, type LocalServer } from './local-server.ts';

/** One version of a secret as the server keeps it. `data` is null once it was destroyed. */
export interface KeptVersion {
  readonly number: number;
  readonly data: Buffer | null;
  readonly state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
}

/** One secret as the server keeps it; `versions` from the oldest to the newest. */
export interface KeptSecret {
  readonly labels: Readonly<Record<string, string>>;
  readonly versions: readonly KeptVersion[];
}

/** An error as Google's REST APIs word it. */
export interface SecretManagerRefusal {
  readonly code: number;
  readonly status: string;
  readonly message: string;
}

/** A local server that speaks the REST API of Secret Manager v1, and refuses what Secret Manager refuses. */
export interface SecretManagerServer extends LocalServer {
  /** All secrets by `projects/P/secrets/NAME`. A test may put some here. */
  readonly secrets: Map<string, KeptSecret>;
  /** `METHOD /path` of every request, in order. */
  readonly calls: string[];
  /** Answers the next request with this instead; `'hang'` never answers it. */
  readonly faults: (SecretManagerRefusal | 'hang')[];
}

const CREATE_TIME = '2026-11-20T14:00:00Z';
const MAX_PAYLOAD_BYTES = 64 * 1024;
const STATE_NUMBERS = { ENABLED: 1, DISABLED: 2, DESTROYED: 3 } as const;

const SecretBody = z.object({
  replication: z.object({ automatic: z.unknown().optional(), userManaged: z.unknown().optional() }),
  labels: z.record(z.string(), z.string()).default({}),
});
const VersionBody = z.object({
  payload: z.object({ data: z.base64(), dataCrc32c: z.union([z.string(), z.number()]).optional() }),
});

/** Starts the server. `pageSize` is the most versions of one page: 25,000 at Google's. */
export async function startSecretManagerServer({ pageSize = 25_000 } = {}): Promise<SecretManagerServer> {
  const secrets = new Map<string, KeptSecret>();
  const calls: string[] = [];
  const faults: (SecretManagerRefusal | 'hang')[] = [];
  const server = await startLocalServer((request) => {
    calls.push(`${request.method} ${decodeURIComponent(request.url.pathname)}`);
    const fault = faults.shift();
    if (fault === 'hang') return { kind: 'hang' };
    if (fault !== undefined) return jsonReply(fault.code, { error: fault });
    return answer({ request, secrets, pageSize });
  });
  return { ...server, secrets, calls, faults };
}

interface Exchange {
  readonly request: LocalRequest;
  readonly secrets: Map<string, KeptSecret>;
  readonly pageSize: number;
}

function answer(exchange: Exchange): LocalReply {
  const { request } = exchange;
  if (request.headers['authorization'] === undefined && request.headers['x-goog-api-key'] === undefined) {
    return refuse(401, 'UNAUTHENTICATED', 'Request is missing required authentication credential.');
  }
  const path = decodeURIComponent(request.url.pathname);
  const project = /^\/v1\/(projects\/[^/]+)\/secrets$/.exec(path)?.[1];
  if (project !== undefined && request.method === 'POST') return createSecret(exchange, project);
  if (project !== undefined && request.method === 'GET') return listSecrets(exchange, project);

  const match = /^\/v1\/(projects\/[^/]+\/secrets\/([^/:]+))(\/versions)?(?:\/([^/:]+))?(?::(\w+))?$/.exec(path);
  if (match === null) return refuse(404, 'NOT_FOUND', 'Method not found.');
  const [, name = '', , versions, version, verb] = match;
  const secret = exchange.secrets.get(name);
  if (secret === undefined) return refuse(404, 'NOT_FOUND', `Secret [${name}] not found or has no versions.`);
  if (version !== undefined) return onVersion(exchange, { name, secret, version, verb });
  if (versions !== undefined && request.method === 'GET') return listVersions(exchange, name, secret);
  if (verb === 'addVersion' && request.method === 'POST') return addVersion(exchange, name, secret);
  if (verb === undefined && request.method === 'GET') return jsonReply(200, secretOnWire(name, secret));
  if (verb === undefined && request.method === 'DELETE') {
    exchange.secrets.delete(name);
    return jsonReply(200, {});
  }
  return refuse(404, 'NOT_FOUND', 'Method not found.');
}

function createSecret({ request, secrets }: Exchange, project: string): LocalReply {
  const id = request.url.searchParams.get('secretId') ?? '';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) {
    return refuse(
      400,
      'INVALID_ARGUMENT',
      `The provided Secret ID [${id}] does not match the expected format [[a-zA-Z_0-9]+]`,
    );
  }
  const body = SecretBody.safeParse(parsed(request.body));
  if (
    !body.success ||
    (body.data.replication.automatic === undefined) === (body.data.replication.userManaged === undefined)
  ) {
    return refuse(400, 'INVALID_ARGUMENT', 'The field [replication] must be set: automatic or user managed.');
  }
  const name = `${project}/secrets/${id}`;
  if (secrets.has(name)) return refuse(409, 'ALREADY_EXISTS', `Secret [${name}] already exists.`);
  const secret: KeptSecret = { labels: body.data.labels, versions: [] };
  secrets.set(name, secret);
  return jsonReply(200, secretOnWire(name, secret));
}

function listSecrets({ request, secrets, pageSize }: Exchange, project: string): LocalReply {
  const all = [...secrets].filter(([name]) => name.startsWith(`${project}/secrets/`));
  const page = pageOf(all, request.url, pageSize);
  return jsonReply(200, {
    secrets: page.items.map(([name, secret]) => secretOnWire(name, secret)),
    totalSize: all.length,
    nextPageToken: page.next,
  });
}

function addVersion({ request, secrets }: Exchange, name: string, secret: KeptSecret): LocalReply {
  const body = VersionBody.safeParse(parsed(request.body));
  if (!body.success) return refuse(400, 'INVALID_ARGUMENT', 'The field [payload.data] is required and must be base64.');
  const data = Buffer.from(body.data.payload.data, 'base64');
  const checksum = body.data.payload.dataCrc32c;
  if (checksum !== undefined && String(checksum) !== String(crc32c(data))) {
    return refuse(400, 'INVALID_ARGUMENT', 'Checksum verification failed: the payload does not match its CRC32C.');
  }
  if (data.length === 0 || data.length > MAX_PAYLOAD_BYTES) {
    return refuse(400, 'INVALID_ARGUMENT', 'The payload must hold between 1 and 65,536 bytes.');
  }
  const version: KeptVersion = { number: secret.versions.length + 1, data, state: 'ENABLED' };
  secrets.set(name, { ...secret, versions: [...secret.versions, version] });
  return jsonReply(200, versionOnWire(name, version, byNumber(request)));
}

function listVersions({ request, pageSize }: Exchange, name: string, secret: KeptSecret): LocalReply {
  const wanted = /^state:\s*(ENABLED|DISABLED|DESTROYED)$/i.exec(request.url.searchParams.get('filter') ?? '')?.[1];
  const newestFirst = secret.versions.toReversed();
  const all = newestFirst.filter(({ state }) => wanted === undefined || state === wanted.toUpperCase());
  const page = pageOf(all, request.url, pageSize);
  return jsonReply(200, {
    versions: page.items.map((version) => versionOnWire(name, version, byNumber(request))),
    totalSize: all.length,
    nextPageToken: page.next,
  });
}

interface VersionCall {
  readonly name: string;
  readonly secret: KeptSecret;
  readonly version: string;
  readonly verb: string | undefined;
}

function onVersion({ request, secrets }: Exchange, { name, secret, version, verb }: VersionCall): LocalReply {
  const number = version === 'latest' ? secret.versions.length : Number(version);
  const kept = secret.versions.find((other) => other.number === number);
  if (kept === undefined) {
    return refuse(404, 'NOT_FOUND', `Secret Version [${name}/versions/${version}] not found.`);
  }
  if (request.method === 'GET' && verb === undefined)
    return jsonReply(200, versionOnWire(name, kept, byNumber(request)));
  if (request.method === 'GET' && verb === 'access') return access(name, kept);
  const state = request.method === 'POST' ? STATE_AFTER[verb ?? ''] : undefined;
  if (state === undefined) return refuse(404, 'NOT_FOUND', 'Method not found.');
  if (kept.state === 'DESTROYED') return notIn(name, kept);
  const changed: KeptVersion = { ...kept, state, data: state === 'DESTROYED' ? null : kept.data };
  secrets.set(name, { ...secret, versions: secret.versions.map((other) => (other === kept ? changed : other)) });
  return jsonReply(200, versionOnWire(name, changed, byNumber(request)));
}

const STATE_AFTER: Readonly<Record<string, KeptVersion['state']>> = {
  enable: 'ENABLED',
  disable: 'DISABLED',
  destroy: 'DESTROYED',
};

function access(name: string, version: KeptVersion): LocalReply {
  if (version.state !== 'ENABLED' || version.data === null) return notIn(name, version);
  const payload = { data: version.data.toString('base64'), dataCrc32c: String(crc32c(version.data)) };
  return jsonReply(200, { name: `${name}/versions/${version.number}`, payload });
}

function notIn(name: string, { number, state }: KeptVersion): LocalReply {
  return refuse(400, 'FAILED_PRECONDITION', `Secret Version [${name}/versions/${number}] is in ${state} state.`);
}

function secretOnWire(name: string, { labels }: KeptSecret): unknown {
  return { name, replication: { automatic: {} }, createTime: CREATE_TIME, labels, etag: '"1"' };
}

function versionOnWire(name: string, { number, state }: KeptVersion, numeric: boolean): unknown {
  return {
    name: `${name}/versions/${number}`,
    createTime: CREATE_TIME,
    ...(state === 'DESTROYED' ? { destroyTime: CREATE_TIME } : {}),
    state: numeric ? STATE_NUMBERS[state] : state,
    replicationStatus: { automatic: {} },
    etag: '"1"',
  };
}

/** Google's clients ask for enums by number. */
function byNumber(request: LocalRequest): boolean {
  return (request.url.searchParams.get('$alt') ?? '').includes('enum-encoding=int');
}

function pageOf<Item>(all: readonly Item[], url: URL, pageSize: number): { items: readonly Item[]; next: string } {
  const size = Math.min(Number(url.searchParams.get('pageSize') ?? pageSize) || pageSize, pageSize);
  const from = Number(url.searchParams.get('pageToken') ?? 0);
  return { items: all.slice(from, from + size), next: from + size < all.length ? String(from + size) : '' };
}

function refuse(code: number, status: string, message: string): LocalReply {
  return jsonReply(code, { error: { code, message, status } });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
