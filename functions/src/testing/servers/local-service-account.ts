import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Writes the credentials of a service account that does not exist and returns the path of the file, for
 * `GOOGLE_APPLICATION_CREDENTIALS`. Google's clients sign with it without a network call; only an emulator accepts it.
 */
export function localServiceAccount(projectId: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(mkdtempSync(join(tmpdir(), 'service-account-')), 'key.json');
  const account = {
    type: 'service_account',
    project_id: projectId,
    private_key_id: 'local',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: `local@${projectId}.iam.gserviceaccount.com`,
    client_id: '1',
    token_uri: 'http://127.0.0.1:9/token',
  };
  writeFileSync(file, JSON.stringify(account), { mode: 0o600 });
  return file;
}
