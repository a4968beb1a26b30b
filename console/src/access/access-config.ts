import { isIP } from 'node:net';
import { z } from 'zod';
import type { DatabaseConfig, Environment } from '#functions/config.ts';
import { PlaybookError } from '#core/failure.ts';

/** Who may enter this console, and what stands before it. */
export interface AccessConfig {
  readonly entrance: Entrance;
  /** The addresses that the console has for browsers (`https://ops.example.com`); none: that of the request. */
  readonly origins: readonly string[];
  /** Whether Google's proxies stand between us and everybody: then what they write into headers is true. */
  readonly behindProxy: boolean;
  /** Whether browsers reach us through TLS alone. */
  readonly secure: boolean;
}

/** How people get in: one person, because the console serves only this machine, or with an account of Firebase. */
export type Entrance =
  | { readonly kind: 'local_operator'; readonly email: string }
  | {
      readonly kind: 'firebase';
      readonly projectId: string | undefined;
      readonly apiKey: string | undefined;
      readonly emulatorHost: string | undefined;
    };

/** What the server that is to be guarded is like. */
export interface GuardedServer {
  readonly host: string;
  readonly database: DatabaseConfig;
}

const LOCAL_EMAIL = 'you@localhost';
const WebAppConfig = z.object({ apiKey: z.string().min(1) });

/**
 * Reads who may enter. `CONSOLE_LOCAL_OPERATOR` is `1` or the operator's address. Throws `unconfigured` with every problem at
 * once; nothing that could let a stranger in is only warned of.
 */
export function readAccessConfig(env: Environment, server: GuardedServer): AccessConfig {
  const problems: string[] = [];
  const read: Read = (name) => env[name]?.trim() || undefined;
  const isCloud = read('K_SERVICE') !== undefined;
  const isLocalDatabase = server.database.kind === 'sqlite' || read('FIRESTORE_EMULATOR_HOST') !== undefined;
  const place = { ...server, isCloud, isLocalDatabase };
  const operator = read('CONSOLE_LOCAL_OPERATOR');
  const config: AccessConfig = {
    entrance:
      operator === undefined ? firebaseEntrance(read, place, problems) : localEntrance(operator, place, problems),
    origins: originsOf(read('CONSOLE_ORIGIN'), problems),
    behindProxy: isCloud,
    secure: isCloud || !isLoopbackHost(server.host),
  };
  if (problems.length === 0) return config;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new PlaybookError('unconfigured', `The console cannot start:\n${list}`);
}

type Read = (name: string) => string | undefined;

interface Place extends GuardedServer {
  readonly isCloud: boolean;
  readonly isLocalDatabase: boolean;
}

function localEntrance(operator: string, { host, isCloud, isLocalDatabase }: Place, problems: string[]): Entrance {
  const instead = 'Remove CONSOLE_LOCAL_OPERATOR, and sign in.';
  if (isCloud) problems.push(`CONSOLE_LOCAL_OPERATOR is not for the cloud: everyone would be an admin. ${instead}`);
  if (!isLoopbackHost(host)) {
    problems.push(
      `CONSOLE_LOCAL_OPERATOR needs a console that only this machine can reach, but this one listens on ${host}. Set CONSOLE_HOST=127.0.0.1, or sign in.`,
    );
  }
  if (!isLocalDatabase) {
    problems.push(
      `CONSOLE_LOCAL_OPERATOR needs a database on this machine (PLAYBOOK_DATABASE=sqlite:FILE, or the Firestore emulator). ${instead}`,
    );
  }
  if (operator !== '1' && !isEmail(operator)) {
    problems.push(`CONSOLE_LOCAL_OPERATOR is "${operator}"; write 1, or the email address of the operator.`);
  }
  return { kind: 'local_operator', email: operator === '1' ? LOCAL_EMAIL : operator };
}

function firebaseEntrance(read: Read, { isCloud, isLocalDatabase }: Place, problems: string[]): Entrance {
  const emulatorHost = read('FIREBASE_AUTH_EMULATOR_HOST');
  const apiKey = read('FIREBASE_WEB_API_KEY') ?? apiKeyIn(read('FIREBASE_WEBAPP_CONFIG'));
  if (emulatorHost !== undefined && (isCloud || !isLocalDatabase)) {
    problems.push(
      'FIREBASE_AUTH_EMULATOR_HOST is set, but the tokens of the Auth emulator are unsigned: anyone could enter. Use it only with a database on this machine.',
    );
  }
  if (emulatorHost === undefined && apiKey === undefined) {
    problems.push(
      'FIREBASE_WEB_API_KEY is missing: nobody could sign in. Find its value in the Firebase console, Project settings, General.',
    );
  }
  const projectId = read('GOOGLE_CLOUD_PROJECT') ?? read('GCLOUD_PROJECT');
  return { kind: 'firebase', projectId, apiKey, emulatorHost };
}

/** Whether a server that listens there can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether a text has the shape and the length of an email address. */
export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);
}

function apiKeyIn(webAppConfig: string | undefined): string | undefined {
  if (webAppConfig === undefined) return undefined;
  try {
    return WebAppConfig.parse(JSON.parse(webAppConfig)).apiKey;
  } catch {
    return undefined;
  }
}

function originsOf(value: string | undefined, problems: string[]): readonly string[] {
  const entries = (value ?? '').split(',').map((entry) => entry.trim());
  const origins = entries.filter((entry) => entry !== '');
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      problems.push(`CONSOLE_ORIGIN holds "${origin}"; write an origin, like https://ops.example.com.`);
    }
  }
  return origins;
}
