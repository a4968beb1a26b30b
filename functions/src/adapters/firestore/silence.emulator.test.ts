import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '#ports/documents/opened-documents.contract.ts';
import type { Documents, DocumentsError } from '#ports/documents/documents.ts';
import { localServiceAccount } from '#testing/servers/local-service-account.ts';
import { startTcpProxy, type TcpProxy } from '#testing/servers/tcp-proxy.ts';
import { firestoreDocuments } from './documents.ts';

const emulatorHost = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
const LIMIT = { timeoutMs: 1_500 };

process.env['GOOGLE_APPLICATION_CREDENTIALS'] = localServiceAccount('demo-silence');

/** What a watch has been told, in order. */
function watched(documents: Documents, collection: string) {
  const told: (readonly unknown[])[] = [];
  const failures: DocumentsError[] = [];
  const stop = documents.watch(
    { collection },
    (found) => told.push(found.map(({ data }) => data['n'])),
    (error) => failures.push(error),
  );
  return { told, failures, stop };
}

async function within(limitMs: number, isSo: () => boolean): Promise<boolean> {
  for (const endMs = performance.now() + limitMs; performance.now() < endMs; await delay(20)) if (isSo()) return true;
  return isSo();
}

describe.each([
  ['gRPC', false],
  ['REST', true],
])('a connection over %s that dies silently while new ones work', (_name, preferRest) => {
  let proxy: TcpProxy;
  let documents: Documents;
  let collection: string;

  beforeEach(async () => {
    const { hostname, port } = new URL(`http://${emulatorHost}`);
    proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    process.env['FIRESTORE_EMULATOR_HOST'] = `${proxy.host}:${proxy.port}`;
    documents = firestoreDocuments({ projectId: 'demo-silence', preferRest });
    collection = `silence_${randomUUID()}`;
    // Loading the SDK takes its time on a busy machine.
    while ((await codeOf(documents.get('silence/none'))) !== 'none');
    await documents.commit([{ kind: 'create', path: `${collection}/a`, data: { n: 1 } }]);
  });

  afterEach(async () => {
    proxy.become('pass');
    await documents.close();
    await proxy.close();
    process.env['FIRESTORE_EMULATOR_HOST'] = emulatorHost;
  });

  test('costs one call its time, and the next one is answered at once', async () => {
    proxy.become('swallow-old');
    const startMs = performance.now();
    expect(await codeOf(documents.get(`${collection}/a`, LIMIT))).toBe('unavailable');
    expect(performance.now() - startMs).toBeLessThan(LIMIT.timeoutMs + 500);
    expect((await documents.get(`${collection}/a`, LIMIT))?.data).toEqual({ n: 1 });
    await documents.commit([{ kind: 'set', path: `${collection}/a`, data: { n: 2 } }], LIMIT);
  });

  test('is replaced once, however many calls run out of time on it', async () => {
    const before = proxy.connections();
    proxy.become('swallow-old');
    const asked = (): Promise<readonly string[]> =>
      Promise.all(Array.from({ length: 20 }, () => codeOf(documents.get(`${collection}/a`, LIMIT))));
    expect(new Set(await asked())).toContain('unavailable');
    expect(new Set(await asked())).toEqual(new Set(['none']));
    // Over REST each call at once has its own.
    expect(proxy.connections() - before).toBe(preferRest ? 20 : 1);
  });

  test('loses no watch when a call finds out', async () => {
    const { told, failures, stop } = watched(documents, collection);
    expect(await within(10_000, () => told.length === 1)).toBe(true);
    await delay(1_000);
    proxy.become('swallow-old');
    await codeOf(documents.get(`${collection}/a`, LIMIT));
    for (const n of [2, 3]) {
      await documents.commit([{ kind: 'set', path: `${collection}/a`, data: { n } }], LIMIT);
      // The watch of REST has a connection to itself, of which no call finds out.
      expect(await within(preferRest ? 25_000 : 10_000, () => told.at(-1)?.[0] === n)).toBe(true);
    }
    expect(failures).toEqual([]);
    stop();
  }, 60_000);

  test('is noticed by a watch that nobody else helps, within 25 seconds', async () => {
    const { told, failures, stop } = watched(documents, collection);
    expect(await within(5_000, () => told.length === 1)).toBe(true);
    proxy.become('swallow-old');
    const other = firestoreDocuments({ projectId: 'demo-silence' });
    await other.commit([{ kind: 'set', path: `${collection}/a`, data: { n: 2 } }]);
    await other.close();
    expect(await within(25_000, () => told.at(-1)?.[0] === 2)).toBe(true);
    expect(failures).toEqual([]);
    stop();
  }, 40_000);
});

test('a call that is slow is given up without the connection, while others are answered', async () => {
  process.env['FIRESTORE_EMULATOR_HOST'] = emulatorHost;
  const documents = firestoreDocuments({ projectId: 'demo-silence' });
  const { told, stop } = watched(documents, `silence_${randomUUID()}`);
  expect(await within(5_000, () => told.length === 1)).toBe(true);
  // Too little time for anybody.
  expect(await codeOf(documents.get('silence/none', { timeoutMs: 0.01 }))).toBe('unavailable');
  await documents.get('silence/none');
  // A watch that began again would have been told again.
  await delay(300);
  expect(told).toHaveLength(1);
  stop();
  await documents.close();
});
