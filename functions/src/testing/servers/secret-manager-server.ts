import { z } from 'zod';
import { crc32c } from './crc32c.ts';
import { jsonReply, startLocalServer, type LocalReply, type LocalRequest, type LocalServer } from './local-server.ts';
import {
  byNumber,
  pageOf,
  parsed,
  refuse,
  secretOnWire,
  versionOnWire,
  type KeptSecret,
  type KeptVersion,
} from './secret-manager-format.ts';

export type { KeptSecret, KeptVersion } from './secret-manager-format.ts';

/** An error in the format of Google's REST APIs. */
export interface SecretManagerRefusal {
  readonly code: number;
  readonly status: string;
  readonly message: string;
}

/** A local server with the REST API of Secret Manager v1, which refuses what Secret Manager refuses. */
export interface SecretManagerServer extends LocalServer {
  /** All secrets by `projects/P/secrets/NAME`. A test can add some here. */
  readonly secrets: Map<string, KeptSecret>;
  /** `METHOD /path` of every request, in order. */
  readonly calls: string[];
  /** Answers the next request with this instead; `'hang'` never answers it. */
  readonly faults: (SecretManagerRefusal | 'hang')[];
}

const MAX_PAYLOAD_BYTES = 64 * 1024;

const SecretBody = z.object({
  replication: z.object({ automatic: z.unknown().optional(), userManaged: z.unknown().optional() }),
  labels: z.record(z.string(), z.string()).default({}),
});
const VersionBody = z.object({
  payload: z.object({ data: z.base64(), dataCrc32c: z.union([z.string(), z.number()]).optional() }),
});

/** Starts the server. `pageSize` is the maximum number of versions per page: Google's is 25,000. */
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
  if (project !== undefined) return onProject(exchange, project);
  const match = /^\/v1\/(projects\/[^/]+\/secrets\/([^/:]+))(\/versions)?(?:\/([^/:]+))?(?::(\w+))?$/.exec(path);
  const [, name = '', , versions = '', version, verb = ''] = match ?? [];
  if (match === null) return NO_METHOD;
  const secret = exchange.secrets.get(name);
  if (secret === undefined) return refuse(404, 'NOT_FOUND', `Secret [${name}] not found or has no versions.`);
  if (version !== undefined) return onVersion(exchange, { name, secret, version, verb });
  return onSecret(exchange, { name, secret, call: `${request.method} ${versions}${verb}` });
}

const NO_METHOD = refuse(404, 'NOT_FOUND', 'Method not found.');

function onProject(exchange: Exchange, project: string): LocalReply {
  if (exchange.request.method === 'POST') return createSecret(exchange, project);
  return exchange.request.method === 'GET' ? listSecrets(exchange, project) : NO_METHOD;
}

interface SecretCall {
  readonly name: string;
  readonly secret: KeptSecret;
  readonly call: string;
}

function onSecret(exchange: Exchange, { name, secret, call }: SecretCall): LocalReply {
  switch (call) {
    case 'GET ':
      return jsonReply(200, secretOnWire(name, secret));
    case 'GET /versions':
      return listVersions(exchange, name, secret);
    case 'POST addVersion':
      return addVersion(exchange, name, secret);
    case 'DELETE ':
      exchange.secrets.delete(name);
      return jsonReply(200, {});
    default:
      return NO_METHOD;
  }
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
  readonly verb: string;
}

function onVersion({ request, secrets }: Exchange, { name, secret, version, verb }: VersionCall): LocalReply {
  const number = version === 'latest' ? secret.versions.length : Number(version);
  const kept = secret.versions.find((other) => other.number === number);
  if (kept === undefined) {
    return refuse(404, 'NOT_FOUND', `Secret Version [${name}/versions/${version}] not found.`);
  }
  if (request.method === 'GET' && verb === '') return jsonReply(200, versionOnWire(name, kept, byNumber(request)));
  if (request.method === 'GET' && verb === 'access') return access(name, kept);
  const state = request.method === 'POST' ? STATE_AFTER[verb] : undefined;
  if (state === undefined) return NO_METHOD;
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
