import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { SecretVersions } from '../../ports/secret-versions.ts';
import type { LocalService } from '../google-client.ts';
import { ALREADY_EXISTS, NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import { callOptions, newestValue, openClient } from './newest-value.ts';

const CALL_TIMEOUT_MS = 20_000;
const CALL = callOptions(CALL_TIMEOUT_MS);

/** Which project, and where the service is when it is not Google's own: a local server that speaks its REST API. */
export interface SecretVersionsOptions {
  readonly projectId: string;
  readonly local?: LocalService;
}

/** The secrets of one project in Secret Manager, with the machine's own Google credentials. */
export function secretManagerVersions({ projectId, local }: SecretVersionsOptions): SecretVersions {
  let opened: Promise<SecretManagerServiceClient> | undefined;
  const client = (): Promise<SecretManagerServiceClient> => (opened ??= openClient(projectId, local));
  const secretOf = (name: string): string => `projects/${projectId}/secrets/${name}`;

  async function addVersion(name: string, value: string): Promise<string> {
    const payload = { data: Buffer.from(value, 'utf8') };
    const [version] = await (await client()).addSecretVersion({ parent: secretOf(name), payload }, CALL);
    return version.name?.split('/').at(-1) ?? '';
  }

  async function createSecret(name: string): Promise<void> {
    const parent = `projects/${projectId}`;
    try {
      await (await client()).createSecret({ parent, secretId: name, secret: { replication: { automatic: {} } } }, CALL);
    } catch (thrown) {
      // Somebody else created it in the same moment: that is all we wanted.
      if (googleCodeOf(thrown) !== ALREADY_EXISTS) throw thrown;
    }
  }

  return {
    latest: async (name) => newestValue(await client(), { projectId, name }, CALL_TIMEOUT_MS),
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
    async close() {
      if (opened !== undefined) await (await opened).close();
    },
  };
}
