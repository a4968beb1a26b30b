import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { Clock } from '../../engine/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import { googleClientOptions } from '../google-client.ts';
import type { LocalService } from '../google-client.ts';

const CACHE_MS = 5 * 60_000;
const CALL_TIMEOUT_MS = 10_000;
/** FAILED_PRECONDITION: the newest version is disabled or destroyed. */
const NOT_ENABLED = 9;

export interface SecretManagerOptions {
  /** Without it, only the environment is asked. */
  readonly projectId: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Our limit for one call; 10 s unless said otherwise. */
  readonly timeoutMs?: number;
  /** A local server that speaks Secret Manager's REST API, in place of Google's. */
  readonly local?: LocalService;
}

interface Cached {
  readonly value: Promise<string | undefined>;
  readonly untilMs: number;
}

/**
 * Secrets from the environment first, else the newest version in Secret Manager, kept for five minutes.
 * A secret that does not exist, is empty, or whose newest version is switched off is `undefined`.
 * `get` throws `unauthenticated` when this machine may not read it, `timeout` and `unavailable` when Google does not answer.
 */
export function secretManagerSecrets(options: SecretManagerOptions): Secrets {
  const { projectId, env, clock } = options;
  const handedOut = new Set<string>();
  const cache = new Map<string, Cached>();
  let opened: Promise<SecretManagerServiceClient> | undefined;

  async function read(project: string, name: string): Promise<string | undefined> {
    opened ??= openClient(project, options.local);
    return accessNewest(await opened, `projects/${project}/secrets/${name}/versions/latest`, options.timeoutMs);
  }

  async function cached(project: string, name: string): Promise<string | undefined> {
    const nowMs = clock.now().getTime();
    const known = cache.get(name);
    if (known !== undefined && nowMs < known.untilMs) return known.value;
    const value = read(project, name);
    cache.set(name, { value, untilMs: nowMs + CACHE_MS });
    try {
      return await value;
    } catch (thrown) {
      // What failed is asked again next time.
      cache.delete(name);
      throw thrown;
    }
  }

  return {
    async get(name) {
      const fromEnvironment = env[name]?.trim() ?? '';
      const value = fromEnvironment === '' && projectId !== undefined ? await cached(projectId, name) : fromEnvironment;
      if (value === undefined || value === '') return undefined;
      handedOut.add(value);
      return value;
    },
    known: () => [...handedOut],
  };
}

async function openClient(projectId: string, local: LocalService | undefined): Promise<SecretManagerServiceClient> {
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  return new SecretManagerServiceClient(googleClientOptions(projectId, local));
}

async function accessNewest(
  client: SecretManagerServiceClient,
  name: string,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<string | undefined> {
  try {
    // The engine repeats what is worth repeating; the client's own retries would go on beyond our limit.
    const [version] = await client.accessSecretVersion({ name }, { timeout: timeoutMs, retry: { retryCodes: [] } });
    return textOf(version.payload?.data).trim();
  } catch (thrown) {
    const code = googleCodeOf(thrown);
    if (code === NOT_FOUND || code === NOT_ENABLED) return undefined;
    throw googleFailure(thrown, `Reading the secret ${name}`);
  }
}

function textOf(data: string | Uint8Array | null | undefined): string {
  if (data === null || data === undefined) return '';
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : Buffer.from(data).toString('utf8');
}
