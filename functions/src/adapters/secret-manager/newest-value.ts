import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { googleClientOptions } from '../google-client.ts';
import type { LocalService } from '../google-client.ts';
import { FAILED_PRECONDITION, NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';

/** Loads the SDK and makes its client: for Google's own service, or for a local server that speaks its REST API. */
export async function openClient(
  projectId: string,
  local: LocalService | undefined,
): Promise<SecretManagerServiceClient> {
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  return new SecretManagerServiceClient(googleClientOptions(projectId, local));
}

/** What one call may take; whoever asks repeats what is worth repeating, and the client's own retries go on for minutes. */
export function callOptions(timeoutMs: number) {
  return { timeout: timeoutMs, retry: { retryCodes: [] } };
}

/**
 * The value of the newest version, trimmed; undefined where there is no such secret, or its newest version is switched
 * off or empty. Throws what `googleFailure` makes of everything else.
 */
export async function newestValue(
  client: SecretManagerServiceClient,
  secret: { readonly projectId: string; readonly name: string },
  timeoutMs: number,
): Promise<string | undefined> {
  const { projectId, name } = secret;
  const version = `projects/${projectId}/secrets/${name}/versions/latest`;
  try {
    const [{ payload }] = await client.accessSecretVersion({ name: version }, callOptions(timeoutMs));
    return textOf(payload?.data).trim() || undefined;
  } catch (thrown) {
    const code = googleCodeOf(thrown);
    if (code === NOT_FOUND || code === FAILED_PRECONDITION) return undefined;
    throw googleFailure(thrown, `Reading the secret ${name}`);
  }
}

function textOf(data: string | Uint8Array | null | undefined): string {
  return (typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data ?? [])).toString('utf8');
}
