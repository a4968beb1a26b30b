import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LocalRequest } from '#testing/servers/local-server.ts';
import type { ProcessEnv } from './built-product.ts';

/** Part of every hostile value, so that code that obeys one is detected. */
const MARK = 'hostile';

/** An address that must receive nothing, and an environment that directs everything to it. */
export interface HostileSurroundings {
  readonly env: ProcessEnv;
  /** The first bytes of every connection. */
  readonly visits: readonly string[];
  close(): Promise<void>;
}

/** Starts the server at the address. */
export async function startHostileSurroundings(): Promise<HostileSurroundings> {
  const visits: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      visits.push(bytes.toString('latin1').slice(0, 200));
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    env: hostileEnv(host),
    visits,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Requests that contain part of a hostile value, as `METHOD path: …`. */
export function strangers(heard: readonly LocalRequest[]): readonly string[] {
  return heard
    .map(({ method, url, headers, body }) => `${method} ${url.href}: ${JSON.stringify(headers)} ${body}`)
    .filter((text) => text.toLowerCase().includes(MARK));
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'GRPC_PROXY', 'npm_config_proxy', 'npm_config_https_proxy'];

/** Every variable that the SDKs in use read themselves, or may read in future versions. */
function hostileEnv(host: string): ProcessEnv {
  const url = `http://${MARK}:${MARK}@${host}`;
  const proxies = PROXIES.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, url]);
  return {
    ...Object.fromEntries(proxies),
    NO_PROXY: `${MARK}.invalid`,
    no_proxy: `${MARK}.invalid`,
    NODE_USE_ENV_PROXY: '1',
    ...anthropicEnv(url),
    ...googleEnv(host),
    MJ_APIKEY_PUBLIC: MARK,
    MJ_APIKEY_PRIVATE: MARK,
    MJ_API_TOKEN: MARK,
    MAILJET_API_TOKEN: MARK,
    MAILJET_HOST: host,
  };
}

function anthropicEnv(url: string): ProcessEnv {
  return {
    ANTHROPIC_AUTH_TOKEN: `${MARK}-token`,
    ANTHROPIC_CUSTOM_HEADERS: `x-extra: ${MARK}\nAuthorization: Bearer ${MARK}\nx-api-key: ${MARK}`,
    ANTHROPIC_PROFILE: MARK,
    ANTHROPIC_CONFIG_DIR: `/tmp/${MARK}`,
    ANTHROPIC_IDENTITY_TOKEN: MARK,
    ANTHROPIC_ORGANIZATION_ID: MARK,
    ANTHROPIC_WORKSPACE_ID: MARK,
    ANTHROPIC_SERVICE_ACCOUNT_ID: MARK,
    ANTHROPIC_FEDERATION_RULE_ID: MARK,
    ANTHROPIC_SESSION_ID: MARK,
    ANTHROPIC_LOG: 'debug',
    ANTHROPIC_BEDROCK_BASE_URL: url,
    ANTHROPIC_VERTEX_BASE_URL: url,
  };
}

function googleEnv(host: string): ProcessEnv {
  const emulators = [
    'FIREBASE_DATABASE',
    'FIREBASE_STORAGE',
    'STORAGE',
    'CLOUD_TASKS',
    'CLOUD_EVENTARC',
    'DATA_CONNECT',
  ];
  return {
    ...Object.fromEntries(emulators.map((name) => [`${name}_EMULATOR_HOST`, host])),
    GOOGLE_CLOUD_UNIVERSE_DOMAIN: `${MARK}.invalid`,
    GOOGLE_API_USE_CLIENT_CERTIFICATE: 'true',
    GOOGLE_API_USE_MTLS_ENDPOINT: 'always',
    GOOGLE_API_CERTIFICATE_CONFIG: `/tmp/${MARK}`,
    GOOGLE_CLOUD_QUOTA_PROJECT: MARK,
    GOOGLE_SDK_NODE_LOGGING: 'all',
    GOOGLE_SDK_NODE_SERVER_ADDRESS: host,
    google_application_credentials: `/tmp/${MARK}`,
    google_cloud_project: MARK,
    CLOUDSDK_CORE_PROJECT: MARK,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: `http://${host}/`,
    GCE_METADATA_HOST: host,
    GCE_METADATA_IP: host,
    FIREBASE_CONFIG: JSON.stringify({ projectId: MARK, databaseURL: `http://${host}` }),
    FIREBASE_REMOTE_CONFIG_URL_BASE: `http://${host}`,
    FIRESTORE_PREFER_REST: 'true',
    FIRESTORE_ENABLE_TRACING: 'true',
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: `/tmp/${MARK}`,
    GRPC_TRACE: 'all',
    GRPC_VERBOSITY: 'DEBUG',
  };
}
