import { DEADLINE_EXCEEDED, googleCodeOf } from './google-failure.ts';
import { replaceableClient } from './replaceable-client.ts';
import type { ReplaceableClient } from './replaceable-client.ts';

/** A local server that speaks the REST API of one of Google's services, in place of Google's own. */
export interface LocalService {
  readonly host: string;
  readonly port: number;
}

/**
 * How a client of one of Google's services is made: over REST, because a call now and then needs no channel. A key stands
 * in for credentials, which a local server does not ask for.
 */
export function googleClientOptions(projectId: string, local: LocalService | undefined) {
  // Said explicitly, because the clients would take another one of the environment, and send it our credentials.
  const options = { projectId, fallback: true as const, universeDomain: 'googleapis.com' };
  if (local === undefined) return options;
  return { ...options, apiEndpoint: local.host, port: local.port, protocol: 'http', apiKey: 'local' };
}

/**
 * What one call may take; whoever asks repeats what is worth repeating, and the client's own retries go on for minutes. No
 * connection is kept: the SDK would keep them for all of its clients together, those that died meanwhile, too. An object for
 * each call, because the SDK writes into it.
 */
export function googleCall(timeoutMs: number) {
  return { timeout: timeoutMs, retry: { retryCodes: [] }, otherArgs: { headers: { connection: 'close' } } };
}

/** A client of one of Google's services behind our own limit. `what` begins a sentence: `Secret Manager`. */
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
