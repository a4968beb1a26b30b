import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { shortSecretProblem } from '#ports/refuse-short.ts';
import { MIN_SECRET_LENGTH, OWN_SECRET_NAMES } from '#ports/secrets.ts';

/** The settings of a process, read from its environment once. Secrets of others (Claude, Mailjet …) come from the secrets port. */
export interface Config {
  readonly database: DatabaseConfig;
  /** What callers may know: the current secret and, while it is being rotated, the previous one. */
  readonly cronSecrets: readonly string[];
  /** When set, a Google-signed token of this account for this audience is accepted, too. */
  readonly oidc: OidcConfig | undefined;
  readonly anthropicBaseUrl: string | undefined;
  readonly mailjetBaseUrl: string | undefined;
  /** `host:port` of private addresses that may be called. */
  readonly httpAllowPrivate: readonly string[];
  /** Where the demo company answers for all integrations. */
  readonly demoUrl: string | undefined;
  readonly projectId: string | undefined;
  /** The Secret Manager that holds what is not in the environment: in the cloud that of the project, else only one on this machine. */
  readonly secretManager: SecretManagerConfig | undefined;
  readonly leaseMs: number;
  readonly retentionMs: number;
  /** How much of outputs this process holds, in bytes of their JSON. */
  readonly outputRoomBytes: number;
}

/** Whose tokens open. `certificatesUrl`: a server on this machine that stands in for Google's certificates. */
export interface OidcConfig {
  readonly audience: string;
  readonly email: string;
  readonly certificatesUrl?: string;
}

/** Whose secrets. `local`: a server on this machine that stands in for Secret Manager. */
export interface SecretManagerConfig {
  readonly projectId: string;
  readonly local?: { readonly host: string; readonly port: number };
}

/** Which database, and where. */
export type DatabaseConfig =
  | { readonly kind: 'firestore'; readonly databaseId: string | undefined }
  | { readonly kind: 'sqlite'; readonly file: string };

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Secrets that are useless alone. */
const PAIRS = [
  ['MAILJET_API_KEY', 'MAILJET_API_SECRET'],
  ['CRON_OIDC_AUDIENCE', 'CRON_OIDC_EMAIL'],
] as const;

const DEFAULT_LEASE_MS = 60_000;
/** Below, a slow answer of the database costs the lease; on one machine, the database answers at once. */
const MIN_LEASE_MS = { cloud: 5_000, local: 200 };
/** Cloud Scheduler comes again after 75 s, and must find the lease of a runner that vanished run out. */
const MAX_LEASE_MS = 70_000;
const MIB = 1024 * 1024;
const DEFAULT_OUTPUT_ROOM_MIB = 128;
/** One execution may have 20 MiB of outputs. */
const MIN_OUTPUT_ROOM_MIB = 20;
const DEFAULT_RETENTION_DAYS = 400;

/**
 * The configuration that `env` describes. Values are trimmed, because secrets tend to end in a newline.
 * Throws `unconfigured` with every problem at once, by the names of the variables; a secret is named, its value never.
 * `callers: false` is for commands that answer no calls and so need no `CRON_SECRET`.
 */
export function readConfig(env: Environment, options: { readonly callers: boolean } = { callers: true }): Config {
  const problems: string[] = [];
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;

  for (const [first, second] of PAIRS) {
    for (const [present, missing] of [
      [first, second],
      [second, first],
    ] as const) {
      if (read(present) !== undefined && read(missing) === undefined) {
        problems.push(`${missing} is missing or empty, and ${present} has no effect without it.`);
      }
    }
  }
  problems.push(...OWN_SECRET_NAMES.filter((name) => isShort(read(name))).map(shortSecretProblem));
  // K_SERVICE is set by Cloud Run, under every function and App Hosting; FUNCTIONS_EMULATOR where it is only played.
  const isCloud = read('K_SERVICE') !== undefined && read('FUNCTIONS_EMULATOR') === undefined;
  const cronSecret = read('CRON_SECRET');
  if (options.callers && cronSecret === undefined) {
    problems.push(`CRON_SECRET is missing or empty. ${howToSetSecret(read, isCloud)}`);
  }
  const projectId = read('GOOGLE_CLOUD_PROJECT') ?? read('GCLOUD_PROJECT');
  const config: Config = {
    database: databaseOf(read('PLAYBOOK_DATABASE'), read('PLAYBOOK_FIRESTORE_DATABASE'), problems),
    cronSecrets: [cronSecret, read('CRON_SECRET_PREVIOUS')].filter((secret) => secret !== undefined),
    oidc: oidcOf(read, problems),
    anthropicBaseUrl: urlOf('ANTHROPIC_BASE_URL', read, problems),
    mailjetBaseUrl: urlOf('MAILJET_BASE_URL', read, problems),
    httpAllowPrivate: hostPortsOf(read('HTTP_ALLOW_PRIVATE'), problems),
    demoUrl: urlOf('PLAYBOOK_DEMO_URL', read, problems),
    projectId,
    secretManager: secretManagerOf(isCloud, projectId, read, problems),
    leaseMs: within(
      {
        name: 'PLAYBOOK_LEASE_MS',
        fallback: DEFAULT_LEASE_MS,
        min: MIN_LEASE_MS[isCloud ? 'cloud' : 'local'],
        max: MAX_LEASE_MS,
      },
      read,
      problems,
    ),
    retentionMs: positiveOf('PLAYBOOK_RETENTION_DAYS', DEFAULT_RETENTION_DAYS, read, problems) * DAY_MS,
    outputRoomBytes:
      within(
        { name: 'PLAYBOOK_OUTPUT_MEMORY_MIB', fallback: DEFAULT_OUTPUT_ROOM_MIB, min: MIN_OUTPUT_ROOM_MIB, max: 4096 },
        read,
        problems,
      ) * MIB,
  };
  if (problems.length === 0) return config;
  throw new PlaybookError(
    'unconfigured',
    `The playbook runner cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

function isShort(secret: string | undefined): boolean {
  return secret !== undefined && secret.length < MIN_SECRET_LENGTH;
}

type Read = (name: string) => string | undefined;

function howToSetSecret(read: Read, isCloud: boolean): string {
  if (isCloud) return 'Create it with `npm run secrets`, then deploy again.';
  if (read('FUNCTIONS_EMULATOR') !== undefined) {
    return "Firebase's emulators read it from functions/.secret.local: copy functions/.secret.local.example to it.";
  }
  return '`npm start` sets one by itself; otherwise set it in the environment, to whatever callers are to send.';
}

function databaseOf(value: string | undefined, databaseId: string | undefined, problems: string[]): DatabaseConfig {
  if (value === undefined || value === 'firestore') return { kind: 'firestore', databaseId };
  if (value.startsWith('sqlite:') && value.length > 'sqlite:'.length) {
    return { kind: 'sqlite', file: value.slice('sqlite:'.length) };
  }
  problems.push(
    `PLAYBOOK_DATABASE is "${value}"; write firestore, or sqlite: and a file name (sqlite:.data/playbooks.db).`,
  );
  return { kind: 'firestore', databaseId };
}

function oidcOf(read: Read, problems: string[]): OidcConfig | undefined {
  const [audience, email] = [read('CRON_OIDC_AUDIENCE'), read('CRON_OIDC_EMAIL')];
  const certificates = onThisMachine('CRON_OIDC_CERTIFICATES_URL', read('CRON_OIDC_CERTIFICATES_URL'), problems);
  if (audience === undefined || email === undefined) return undefined;
  return { audience, email, ...(certificates === undefined ? {} : { certificatesUrl: certificates.href }) };
}

function secretManagerOf(
  isCloud: boolean,
  projectId: string | undefined,
  read: Read,
  problems: string[],
): SecretManagerConfig | undefined {
  const name = 'SECRET_MANAGER_EMULATOR_HOST';
  const hostPort = read(name);
  const server = onThisMachine(name, hostPort === undefined ? undefined : `http://${hostPort}`, problems);
  if (projectId === undefined || (!isCloud && server === undefined)) return undefined;
  if (server === undefined) return { projectId };
  return { projectId, local: { host: server.hostname.replaceAll(/[[\]]/g, ''), port: Number(server.port) } };
}

const THIS_MACHINE = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** What stands in for a service of Google's is believed without credentials, so it must be on this machine. */
function onThisMachine(name: string, address: string | undefined, problems: string[]): URL | undefined {
  if (address === undefined) return undefined;
  const url = URL.parse(address);
  if (url?.protocol === 'http:' && THIS_MACHINE.has(url.hostname) && url.port !== '') return url;
  problems.push(
    `${name} must name a server on this machine, like 127.0.0.1:8085. It is for tests; do not set it elsewhere.`,
  );
  return undefined;
}

function urlOf(name: string, read: Read, problems: string[]): string | undefined {
  const value = read(name);
  if (value === undefined || URL.canParse(value)) return value;
  problems.push(`${name} is not a URL; write something like https://api.example.com.`);
  return undefined;
}

function hostPortsOf(value: string | undefined, problems: string[]): string[] {
  const entries = (value ?? '').split(',').map((entry) => entry.trim());
  const hostPorts = entries.filter((entry) => entry !== '');
  for (const entry of hostPorts) {
    if (!/^(\[[0-9a-f:.]+\]|[^\s:/@]+):\d{1,5}$/i.test(entry)) {
      problems.push(`HTTP_ALLOW_PRIVATE holds "${entry}"; write host:port, like 127.0.0.1:4400.`);
    }
  }
  return hostPorts;
}

function positiveOf(name: string, fallback: number, read: Read, problems: string[]): number {
  const value = read(name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  problems.push(`${name} is "${value}"; write a number above 0.`);
  return fallback;
}

interface Bounds {
  readonly name: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

function within({ name, fallback, min, max }: Bounds, read: Read, problems: string[]): number {
  const value = read(name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isFinite(number) && number >= min && number <= max) return number;
  problems.push(`${name} is "${value}"; write a number from ${min} to ${max}.`);
  return fallback;
}
