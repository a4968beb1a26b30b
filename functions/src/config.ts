import { DAY_MS } from './engine/duration.ts';
import { PlaybookError } from './engine/failure.ts';
import { shortSecretProblem } from './ports/refuse-short.ts';
import { MIN_SECRET_LENGTH, OWN_SECRET_NAMES } from './ports/secrets.ts';

/** The settings of a process, read from its environment once. Secrets of others (Claude, Mailjet …) come from the secrets port. */
export interface Config {
  readonly database: DatabaseConfig;
  /** What callers may know: the current secret and, while it is being rotated, the previous one. */
  readonly cronSecrets: readonly string[];
  /** When set, a Google-signed token of this account for this audience is accepted, too. */
  readonly oidc: { readonly audience: string; readonly email: string } | undefined;
  readonly anthropicBaseUrl: string | undefined;
  readonly mailjetBaseUrl: string | undefined;
  /** `host:port` of private addresses that may be called. */
  readonly httpAllowPrivate: readonly string[];
  /** Where the demo company answers for all integrations. */
  readonly demoUrl: string | undefined;
  readonly projectId: string | undefined;
  /** The project whose Secret Manager holds what is not in the environment; only in the cloud. */
  readonly secretManagerProject: string | undefined;
  readonly leaseMs: number;
  readonly retentionMs: number;
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
        problems.push(`${missing} is missing or empty, and ${present} is of no use without it.`);
      }
    }
  }
  const cronSecret = read('CRON_SECRET');
  if (options.callers && cronSecret === undefined) {
    problems.push('CRON_SECRET is missing or empty. Create it with `npm run secrets`, or set it for a local run.');
  }
  problems.push(...OWN_SECRET_NAMES.filter((name) => isShort(read(name))).map(shortSecretProblem));
  const projectId = read('GOOGLE_CLOUD_PROJECT') ?? read('GCLOUD_PROJECT');
  // K_SERVICE is set by Cloud Run, under every function and App Hosting; FUNCTIONS_EMULATOR where it is only played.
  const isCloud = read('K_SERVICE') !== undefined && read('FUNCTIONS_EMULATOR') === undefined;
  const config: Config = {
    database: databaseOf(read('PLAYBOOK_DATABASE'), read('PLAYBOOK_FIRESTORE_DATABASE'), problems),
    cronSecrets: [cronSecret, read('CRON_SECRET_PREVIOUS')].filter((secret) => secret !== undefined),
    oidc: oidcOf(read('CRON_OIDC_AUDIENCE'), read('CRON_OIDC_EMAIL')),
    anthropicBaseUrl: urlOf('ANTHROPIC_BASE_URL', read, problems),
    mailjetBaseUrl: urlOf('MAILJET_BASE_URL', read, problems),
    httpAllowPrivate: hostPortsOf(read('HTTP_ALLOW_PRIVATE'), problems),
    demoUrl: urlOf('PLAYBOOK_DEMO_URL', read, problems),
    projectId,
    secretManagerProject: isCloud ? projectId : undefined,
    leaseMs: positiveOf('PLAYBOOK_LEASE_MS', DEFAULT_LEASE_MS, read, problems),
    retentionMs: positiveOf('PLAYBOOK_RETENTION_DAYS', DEFAULT_RETENTION_DAYS, read, problems) * DAY_MS,
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

function oidcOf(audience: string | undefined, email: string | undefined): Config['oidc'] {
  return audience === undefined || email === undefined ? undefined : { audience, email };
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
