import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSecretManagerServer, type SecretManagerServer } from './secret-manager-server.ts';

const project = 'projects/shop';
const secret = `${project}/secrets/KEY`;

let server: SecretManagerServer;
let client: SecretManagerServiceClient;

beforeAll(async () => {
  server = await startSecretManagerServer({ pageSize: 2 });
  client = new SecretManagerServiceClient({
    fallback: true,
    apiEndpoint: server.host,
    port: server.port,
    protocol: 'http',
    apiKey: 'local',
  });
});
beforeEach(() => server.secrets.clear());
afterAll(() => server.close());

async function create(): Promise<void> {
  await client.createSecret({ parent: project, secretId: 'KEY', secret: { replication: { automatic: {} } } });
}

async function add(value: string): Promise<string> {
  const [version] = await client.addSecretVersion({ parent: secret, payload: { data: Buffer.from(value) } });
  return version.name ?? '';
}

describe("the server with Secret Manager's API, called by Google's client", () => {
  test('a version that was added is read back', async () => {
    await create();
    const name = await add('hello');
    const [version] = await client.accessSecretVersion({ name: `${secret}/versions/latest` });
    expect([version.name, String(version.payload?.data)]).toEqual([name, 'hello']);
  });

  test('a secret cannot be created twice', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ code: 6 });
  });

  test('a secret needs a replication', async () => {
    const created = client.createSecret({ parent: project, secretId: 'KEY', secret: {} });
    await expect(created).rejects.toMatchObject({ code: 3 });
  });

  test('a secret that does not exist is not found, neither read nor extended', async () => {
    await expect(client.getSecret({ name: secret })).rejects.toMatchObject({ code: 5 });
    await expect(add('x')).rejects.toMatchObject({ code: 5 });
  });

  test('versions are listed newest first, over all pages', async () => {
    await create();
    for (const value of ['a', 'b', 'c']) await add(value);
    const [versions] = await client.listSecretVersions({ parent: secret });
    expect(versions.map(({ name }) => name?.split('/').at(-1))).toEqual(['3', '2', '1']);
  });

  test('a disabled version is not returned until it is enabled again', async () => {
    await create();
    const name = await add('hello');
    await client.disableSecretVersion({ name });
    await expect(client.accessSecretVersion({ name })).rejects.toMatchObject({ code: 9 });
    await client.enableSecretVersion({ name });
    expect(String((await client.accessSecretVersion({ name }))[0].payload?.data)).toBe('hello');
  });

  test('a destroyed version is permanently gone', async () => {
    await create();
    const name = await add('hello');
    const [version] = await client.destroySecretVersion({ name });
    expect(version.state).toBe('DESTROYED');
    await expect(client.enableSecretVersion({ name })).rejects.toMatchObject({ code: 9 });
  });

  test('a payload with a wrong checksum is refused', async () => {
    await create();
    const payload = { data: Buffer.from('hello'), dataCrc32c: 1 };
    await expect(client.addSecretVersion({ parent: secret, payload })).rejects.toMatchObject({ code: 3 });
  });

  test('an empty payload is refused', async () => {
    await create();
    await expect(add('')).rejects.toMatchObject({ code: 3 });
  });
});
