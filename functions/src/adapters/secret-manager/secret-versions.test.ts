import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SecretVersions } from '#ports/secret-versions.ts';
import { startSecretManagerServer, type SecretManagerServer } from '#testing/servers/secret-manager-server.ts';
import { secretManagerVersions } from './secret-versions.ts';

const SECRET = 'projects/demo-playbooks/secrets/CRON_SECRET';

let server: SecretManagerServer;
let secrets: SecretVersions;

beforeEach(async () => {
  server = await startSecretManagerServer();
  const { host, port } = server;
  secrets = secretManagerVersions({ projectId: 'demo-playbooks', local: { host, port } });
});

afterEach(async () => {
  await secrets.close();
  await server.close();
});

describe('the versions of a secret', () => {
  test('begin with the secret itself', async () => {
    expect(await secrets.latest('CRON_SECRET')).toBeUndefined();

    expect(await secrets.add('CRON_SECRET', 'first')).toBe('1');
    expect(await secrets.add('CRON_SECRET', 'second')).toBe('2');

    expect(await secrets.latest('CRON_SECRET')).toBe('second');
  });

  test('are read without the newline that a file often ends with', async () => {
    await secrets.add('CRON_SECRET', 'value\n');

    expect(await secrets.latest('CRON_SECRET')).toBe('value');
  });

  test.each(['DISABLED', 'DESTROYED'] as const)('count as absent when the newest is %s', async (state) => {
    const data = state === 'DESTROYED' ? null : Buffer.from('off');
    server.secrets.set(SECRET, { labels: {}, versions: [{ number: 1, data, state }] });

    expect(await secrets.latest('CRON_SECRET')).toBeUndefined();
  });

  test('survive somebody else creating the secret in the same moment', async () => {
    server.faults.push({ code: 404, status: 'NOT_FOUND', message: 'Secret not found.' });
    server.secrets.set(SECRET, { labels: {}, versions: [] });

    expect(await secrets.add('CRON_SECRET', 'value')).toBe('1');
  });

  test('need permission', async () => {
    server.faults.push({ code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied.' });

    await expect(secrets.latest('CRON_SECRET')).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('Reading the secret CRON_SECRET failed'),
    });
  });
});
