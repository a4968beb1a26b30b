import type { SecretVersions } from '#ports/secret-versions.ts';
import { googleCall } from '../google-client.ts';
import type { LocalService } from '../google-client.ts';
import { ALREADY_EXISTS, NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import { newestValue, openClient } from './newest-value.ts';

const CALL_TIMEOUT_MS = 20_000;

/** Which project, and where the service is when it is not Google's own: a local server that speaks its REST API. */
export interface SecretVersionsOptions {
  readonly projectId: string;
  readonly local?: LocalService;
  /** Our limit for one call; 20 s unless said otherwise. */
  readonly timeoutMs?: number;
}

/** The secrets of one project in Secret Manager, with the machine's own Google credentials. */
export function secretManagerVersions(options: SecretVersionsOptions): SecretVersions {
  const { projectId, local, timeoutMs = CALL_TIMEOUT_MS } = options;
  const client = openClient(projectId, local, timeoutMs);
  const secretOf = (name: string): string => `projects/${projectId}/secrets/${name}`;

  async function addVersion(name: string, value: string): Promise<string> {
    const payload = { data: Buffer.from(value, 'utf8') };
    const [version] = await client.call((sdk) =>
      sdk.addSecretVersion({ parent: secretOf(name), payload }, googleCall(timeoutMs)),
    );
    return version.name?.split('/').at(-1) ?? '';
  }

  async function createSecret(name: string): Promise<void> {
    const parent = `projects/${projectId}`;
    try {
      const secret = { replication: { automatic: {} } };
      await client.call((sdk) => sdk.createSecret({ parent, secretId: name, secret }, googleCall(timeoutMs)));
    } catch (thrown) {
      // Somebody else created it in the same moment: that is all we wanted.
      if (googleCodeOf(thrown) !== ALREADY_EXISTS) throw thrown;
    }
  }

  return {
    latest: (name) => newestValue(client, { projectId, name }, timeoutMs),
    async add(name, value) {
      try {
        return await addVersion(name, value).catch(async (thrown: unknown) => {
          if (googleCodeOf(thrown) !== NOT_FOUND) throw thrown;
          await createSecret(name);
          return addVersion(name, value);
        });
      } catch (thrown) {
        throw googleFailure(thrown, `Adding a version of the secret ${name}`);
      }
    },
    close: () => client.close(),
  };
}
