import type { Clock } from '#core/clock.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { LocalService } from '../google-client.ts';
import { newestValue, openClient } from './newest-value.ts';

const CACHE_MS = 5 * 60_000;
const CALL_TIMEOUT_MS = 10_000;

/** Which secrets, and how to access them. */
export interface SecretManagerOptions {
  readonly projectId: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Our limit for one call; 10 s by default. */
  readonly timeoutMs?: number;
  /** A local server that speaks Secret Manager's REST API, in place of Google's. */
  readonly local?: LocalService;
}

/**
 * Secrets from the environment, or else the newest version in Secret Manager, cached for five minutes. A secret that
 * does not exist, is empty, or whose newest version is disabled is `undefined`. `get` throws `unauthenticated` if this
 * machine may not read it, `timeout` and `unavailable` if Google does not answer.
 */
export function secretManagerSecrets(options: SecretManagerOptions): Secrets {
  const { projectId, env, clock, local, timeoutMs = CALL_TIMEOUT_MS } = options;
  const handedOut = new Set<string>();
  const client = openClient(projectId, local, timeoutMs);
  const inSecretManager = cached((name) => newestValue(client, { projectId, name }, timeoutMs), clock);
  return {
    async get(name) {
      const value = env[name]?.trim() || (await inSecretManager(name));
      if (value !== undefined) handedOut.add(value);
      return value;
    },
    known: () => [...handedOut],
  };
}

type Read = (name: string) => Promise<string | undefined>;

interface Cached {
  readonly value: ReturnType<Read>;
  readonly untilMs: number;
}

function cached(read: Read, clock: Clock): Read {
  const cache = new Map<string, Cached>();
  return async (name) => {
    const nowMs = clock.now().getTime();
    const known = cache.get(name);
    if (known !== undefined && nowMs < known.untilMs) return known.value;
    const value = read(name);
    cache.set(name, { value, untilMs: nowMs + CACHE_MS });
    try {
      return await value;
    } catch (thrown) {
      // A failed read is repeated next time.
      cache.delete(name);
      throw thrown;
    }
  };
}
