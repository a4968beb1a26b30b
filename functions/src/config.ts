import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { checkSecrets } from './secret-variables.ts';
import { boundedOf, hostPortsOf, onThisMachine, positiveOf, urlOf, variablesOf, type Variables } from './variables.ts';

/** The settings of a process, read from its environment once. Secrets of others (Claude, Mailjet …) come from the secrets port. */
export interface Config {
  readonly database: DatabaseConfig;
  /** The accepted secrets: the current one and, during a rotation, the previous one. */
  readonly cronSecrets: readonly string[];
  /** If set, a Google-signed token of this account for this audience is also accepted. */
  readonly oidc: OidcConfig | undefined;
  readonly anthropicBaseUrl: string | undefined;
  readonly mailjetBaseUrl: string | undefined;
  /** `host:port` of private addresses that may be called. */
  readonly httpAllowPrivate: readonly string[];
  /** Where the demo company stands in for all integrations. */
  readonly demoUrl: string | undefined;
  readonly projectId: string | undefined;
  /**
   * The Secret Manager for secrets that are not in the environment: in the cloud, that of the project; elsewhere, only
   * one on this machine.
   */
  readonly secretManager: SecretManagerConfig | undefined;
  readonly leaseMs: number;
  readonly retentionMs: number;
  /** The maximum size of the outputs in this process, in bytes of JSON. */
  readonly outputRoomBytes: number;
}

/** Whose tokens are accepted. `certificatesUrl`: a local server that replaces Google's certificates. */
export interface OidcConfig {
  readonly audience: string;
  readonly email: string;
  readonly certificatesUrl?: string;
}

/** Whose secrets. `local`: a local server that replaces Secret Manager. */
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

const DEFAULT_LEASE_MS = 60_000;
/** With less, a slow database answer loses the lease; on one machine, the database answers immediately. */
const MIN_LEASE_MS = { cloud: 5_000, local: 200 };
/** Cloud Scheduler calls again after 75 s; by then, the lease of a dead runner must have expired. */
const MAX_LEASE_MS = 70_000;
const MIB = 1024 * 1024;
/** One execution may have 20 MiB of outputs. */
const OUTPUT_ROOM_MIB = { fallback: 128, min: 20, max: 4096 };
const DEFAULT_RETENTION_DAYS = 400;

/**
 * The configuration that `env` describes. Values are trimmed, because secrets tend to end in a newline. Throws
 * `unconfigured` with every problem at once, by the names of the variables; a secret is named, its value never.
 * `callers: false` is for commands that answer no calls and therefore need no `CRON_SECRET`.
 */
export function readConfig(env: Environment, { callers }: { readonly callers: boolean } = { callers: true }): Config {
  const variables = variablesOf(env);
  // K_SERVICE is set by Cloud Run, under every function and App Hosting; FUNCTIONS_EMULATOR by the emulator.
  const isCloud = variables.text('K_SERVICE') !== undefined && variables.text('FUNCTIONS_EMULATOR') === undefined;
  checkSecrets(variables, { callers, isCloud });
  const config = configOf(variables, isCloud);
  const problems = variables.problems();
  if (problems.length === 0) return config;
  throw new PlaybookError(
    'unconfigured',
    `The playbook runner cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

function configOf(variables: Variables, isCloud: boolean): Config {
  const { text } = variables;
  const projectId = text('GOOGLE_CLOUD_PROJECT') ?? text('GCLOUD_PROJECT');
  return {
    database: databaseOf(variables),
    cronSecrets: [text('CRON_SECRET'), text('CRON_SECRET_PREVIOUS')].filter((secret) => secret !== undefined),
    oidc: oidcOf(variables),
    anthropicBaseUrl: urlOf('ANTHROPIC_BASE_URL', variables),
    mailjetBaseUrl: urlOf('MAILJET_BASE_URL', variables),
    httpAllowPrivate: hostPortsOf('HTTP_ALLOW_PRIVATE', variables),
    demoUrl: urlOf('PLAYBOOK_DEMO_URL', variables),
    projectId,
    secretManager: secretManagerOf(isCloud, projectId, variables),
    leaseMs: leaseMsOf(isCloud, variables),
    retentionMs: positiveOf('PLAYBOOK_RETENTION_DAYS', DEFAULT_RETENTION_DAYS, variables) * DAY_MS,
    outputRoomBytes: boundedOf('PLAYBOOK_OUTPUT_MEMORY_MIB', OUTPUT_ROOM_MIB, variables) * MIB,
  };
}

function databaseOf({ text, report }: Variables): DatabaseConfig {
  const value = text('PLAYBOOK_DATABASE');
  const databaseId = text('PLAYBOOK_FIRESTORE_DATABASE');
  if (value === undefined || value === 'firestore') return { kind: 'firestore', databaseId };
  if (value.startsWith('sqlite:') && value.length > 'sqlite:'.length) {
    return { kind: 'sqlite', file: value.slice('sqlite:'.length) };
  }
  report(`PLAYBOOK_DATABASE is "${value}"; write firestore, or sqlite: and a file name (sqlite:.data/playbooks.db).`);
  return { kind: 'firestore', databaseId };
}

function oidcOf(variables: Variables): OidcConfig | undefined {
  const { text } = variables;
  const [audience, email] = [text('CRON_OIDC_AUDIENCE'), text('CRON_OIDC_EMAIL')];
  const certificates = onThisMachine('CRON_OIDC_CERTIFICATES_URL', text('CRON_OIDC_CERTIFICATES_URL'), variables);
  if (audience === undefined || email === undefined) return undefined;
  return { audience, email, ...(certificates === undefined ? {} : { certificatesUrl: certificates.href }) };
}

function secretManagerOf(
  isCloud: boolean,
  projectId: string | undefined,
  variables: Variables,
): SecretManagerConfig | undefined {
  const name = 'SECRET_MANAGER_EMULATOR_HOST';
  const hostPort = variables.text(name);
  const server = onThisMachine(name, hostPort === undefined ? undefined : `http://${hostPort}`, variables);
  if (projectId === undefined || (!isCloud && server === undefined)) return undefined;
  if (server === undefined) return { projectId };
  return { projectId, local: { host: server.hostname.replaceAll(/[[\]]/g, ''), port: Number(server.port) } };
}

function leaseMsOf(isCloud: boolean, variables: Variables): number {
  const min = isCloud ? MIN_LEASE_MS.cloud : MIN_LEASE_MS.local;
  return boundedOf('PLAYBOOK_LEASE_MS', { fallback: DEFAULT_LEASE_MS, min, max: MAX_LEASE_MS }, variables);
}
