import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { googleCall, googleClient, googleClientOptions, type LocalService } from '../google-client.ts';
import { FAILED_PRECONDITION, NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import type { ReplaceableClient } from '../replaceable-client.ts';

/** Secret Manager: Google's own, or a local server that speaks its REST API. The SDK is loaded with the first call. */
export function openClient(
  projectId: string,
  local: LocalService | undefined,
  timeoutMs: number,
): ReplaceableClient<SecretManagerServiceClient> {
  return googleClient('Secret Manager', timeoutMs, async () => {
    const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
    return new SecretManagerServiceClient(googleClientOptions(projectId, local));
  });
}

/**
 * The value of the newest version, trimmed; undefined if the secret does not exist, or its newest version is disabled
 * or empty. Throws the `googleFailure` of everything else.
 */
export async function newestValue(
  client: ReplaceableClient<SecretManagerServiceClient>,
  secret: { readonly projectId: string; readonly name: string },
  timeoutMs: number,
): Promise<string | undefined> {
  const { projectId, name } = secret;
  const version = `projects/${projectId}/secrets/${name}/versions/latest`;
  try {
    const [{ payload }] = await client.call((sdk) => sdk.accessSecretVersion({ name: version }, googleCall(timeoutMs)));
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
