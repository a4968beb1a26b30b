import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '#ports/documents/opened-documents.contract.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { localServiceAccount } from '#testing/servers/local-service-account.ts';
import { startTcpProxy, type TcpProxy } from '#testing/servers/tcp-proxy.ts';
import { firestoreDocuments } from './documents.ts';

const emulatorHost = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
const TIMEOUT_MS = 1_500;

process.env['GOOGLE_APPLICATION_CREDENTIALS'] = localServiceAccount('demo-faults');

describe.each([
  ['gRPC', false],
  ['REST', true],
])('Firestore over %s behind a bad network', (_name, preferRest) => {
  let proxy: TcpProxy;
  let documents: Documents;
  let path: string;

  beforeEach(async () => {
    const { hostname, port } = new URL(`http://${emulatorHost}`);
    proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    process.env['FIRESTORE_EMULATOR_HOST'] = `${proxy.host}:${proxy.port}`;
    documents = firestoreDocuments({ projectId: 'demo-faults', timeoutMs: TIMEOUT_MS, preferRest });
    path = `faults_${randomUUID()}/one`;
    await connected(documents);
  });

  afterEach(async () => {
    proxy.become('pass');
    await documents.close();
    await proxy.close();
    process.env['FIRESTORE_EMULATOR_HOST'] = emulatorHost;
  });

  test('a server that does not answer is unavailable within the deadline, for every kind of call', async () => {
    proxy.become('swallow');
    const calls = [
      documents.get(path),
      documents.commit([{ kind: 'create', path, data: {} }]),
      documents.query({ collection: 'faults' }),
      documents.aggregate({ collection: 'faults' }, ['n']),
    ];
    const startMs = performance.now();
    const codes = await Promise.all(calls.map(codeOf));
    expect(performance.now() - startMs).toBeLessThan(TIMEOUT_MS + 1_000);
    expect(codes).toEqual(calls.map(() => 'unavailable'));
  });

  test('closing while the server does not answer ends within the deadline too', async () => {
    proxy.become('swallow');
    expect(await codeOf(documents.get(path))).toBe('unavailable');
    const startMs = performance.now();
    await documents.close();
    expect(performance.now() - startMs).toBeLessThan(TIMEOUT_MS + 1_000);
  });

  test('a creation whose answer is lost has an outcome that can be read, and is there once', async () => {
    proxy.become('lose-replies');
    const code = await codeOf(documents.commit([{ kind: 'create', path, data: { nonce: 'mine' } }]));
    expect(['unavailable', 'already_exists']).toContain(code);
    await settled(documents);
    expect((await documents.get(path))?.data).toEqual({ nonce: 'mine' });
  });

  test('a conditional update whose answer is lost is applied once, and says that it may be', async () => {
    const ifUpdateTime = await documents.commit([{ kind: 'create', path, data: { nonce: 'before', n: 0 } }]);
    proxy.become('lose-replies');
    const changes = [{ field: ['nonce'], value: 'mine' }];
    const code = await codeOf(documents.commit([{ kind: 'update', path, changes, ifUpdateTime }]));
    expect(['unavailable', 'conflict']).toContain(code);
    await settled(documents);
    expect((await documents.get(path))?.data).toEqual({ nonce: 'mine', n: 0 });
  });
});

/** Loading the SDK counts as part of the first call, and takes long on a busy machine. */
async function connected(documents: Documents): Promise<void> {
  while ((await codeOf(documents.get('faults/none'))) !== 'none');
}

/** Waits until the connection has recovered from what the test before did to it. */
async function settled(documents: Documents): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if ((await codeOf(documents.get('faults/none'))) === 'none') return;
  }
  throw new Error('The connection did not recover.');
}
