import { DEADLINE_EXCEEDED, googleCodeOf } from './google-failure.ts';
import { replaceableClient, type ReplaceableClient } from './replaceable-client.ts';

/** A local server that speaks the REST API of one of Google's services, in place of Google's own. */
export interface LocalService {
  readonly host: string;
  readonly port: number;
}

/**
 * Options for clients of Google services: over REST, because occasional calls need no channel. For a local server, a
 * key replaces credentials.
 */
export function googleClientOptions(projectId: string, local: LocalService | undefined) {
  // Set explicitly, because the clients would use one from the environment and send it our credentials.
  const options = { projectId, fallback: true as const, universeDomain: 'googleapis.com' };
  if (local === undefined) return options;
  return { ...options, apiEndpoint: local.host, port: local.port, protocol: 'http', apiKey: 'local' };
}

/**
 * Options for one call, with its limit. Without retries: callers repeat what is worth repeating, and the client's own
 * retries take minutes. Without connection reuse: the SDK would share connections among all its clients, including dead
 * ones. A new object per call, because the SDK modifies it.
 */
export function googleCall(timeoutMs: number) {
  return { timeout: timeoutMs, retry: { retryCodes: [] }, otherArgs: { headers: { connection: 'close' } } };
}

/** A client of a Google service with our own time limit. `what` begins a sentence: `Secret Manager`. */
export function googleClient<Client extends { close(): Promise<void> }>(
  what: string,
  timeoutMs: number,
  open: () => Promise<Client>,
): ReplaceableClient<Client> {
  return replaceableClient({
    what,
    timeoutMs,
    open,
    close: (client) => client.close(),
    isLate: (thrown) => googleCodeOf(thrown) === DEADLINE_EXCEEDED,
  });
}
