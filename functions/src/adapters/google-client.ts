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
