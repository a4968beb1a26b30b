import type { SecretVersions } from '#ports/secret-versions.ts';
import { googleCall, type LocalService } from '../google-client.ts';
import { ALREADY_EXISTS, NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import { newestValue, openClient } from './newest-value.ts';

const CALL_TIMEOUT_MS = 20_000;

/** The project, and optionally a local server that speaks the REST API in place of Google's. */
export interface SecretVersionsOptions {
  readonly projectId: string;
  readonly local?: LocalService;
  /** Our limit for one call; 20 s by default. */
  readonly timeoutMs?: number;
}

/** The secrets of one project in Secret Manager, with the machine's own Google credentials. */
export function secretManagerVersions(options: SecretVersionsOptions): SecretVersions {
  const { projectId, local, timeoutMs = CALL_TIMEOUT_MS } = options;
  const client = openClient(projectId, local, timeoutMs);
  return {
    latest: (name) => newestValue(client, { projectId, name }, timeoutMs),
    async add(name, value) {
      const secret = { projectId, name };
      try {
        return await addVersion(client, secret, value, timeoutMs).catch(async (thrown: unknown) => {
          if (googleCodeOf(thrown) !== NOT_FOUND) throw thrown;
          await createSecret(client, secret, timeoutMs);
          return addVersion(client, secret, value, timeoutMs);
        });
      } catch (thrown) {
        throw googleFailure(thrown, `Adding a version of the secret ${name}`);
      }
    },
    close: () => client.close(),
  };
}

type Client = ReturnType<typeof openClient>;

interface SecretName {
  readonly projectId: string;
  readonly name: string;
}

async function addVersion(client: Client, secret: SecretName, value: string, timeoutMs: number): Promise<string> {
  const parent = `projects/${secret.projectId}/secrets/${secret.name}`;
  const payload = { data: Buffer.from(value, 'utf8') };
  const [version] = await client.call((sdk) => sdk.addSecretVersion({ parent, payload }, googleCall(timeoutMs)));
  return version.name?.split('/').at(-1) ?? '';
}

async function createSecret(client: Client, { projectId, name }: SecretName, timeoutMs: number): Promise<void> {
  const parent = `projects/${projectId}`;
  const secret = { replication: { automatic: {} } };
  try {
    await client.call((sdk) => sdk.createSecret({ parent, secretId: name, secret }, googleCall(timeoutMs)));
  } catch (thrown) {
    // Another process created it at the same moment, which is just as good.
    if (googleCodeOf(thrown) !== ALREADY_EXISTS) throw thrown;
  }
}
