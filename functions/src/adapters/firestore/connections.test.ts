import { expect, test } from 'vitest';
import type * as Admin from 'firebase-admin/firestore';
import { settle } from '#testing/builders/settle.ts';
import type { Client } from './client.ts';
import { connections } from './connections.ts';

/** Connects as often as asked; the first `failures` times without success. */
async function connecting(failures: number) {
  const { initializeFirestore } = await import('firebase-admin/firestore');
  const { initializeApp, deleteApp } = await import('firebase-admin/app');
  const sdk: typeof Admin = await import('firebase-admin/firestore');
  const counts = { connected: 0, closed: 0 };
  const opened = connections(async (): Promise<Client> => {
    counts.connected += 1;
    if (counts.connected <= failures) throw new Error('The SDK could not be loaded.');
    const app = initializeApp({ projectId: 'demo' }, `connections-${Math.random()}`);
    const db = initializeFirestore(app);
    return {
      db,
      sdk,
      async close() {
        counts.closed += 1;
        await db.terminate();
        await deleteApp(app);
      },
    };
  });
  return { opened, counts };
}

test('a connection is kept as long as it answers', async () => {
  const { opened, counts } = await connecting(0);

  const first = opened.current();
  await first.client;
  first.heard();
  opened.suspect(first, 0);

  expect(opened.current()).toBe(first);
  await opened.close();
  expect(counts).toEqual({ connected: 1, closed: 1 });
});

test.each([1, 3])('a connection that could not be made %i times is made by the next call', async (failures) => {
  const { opened, counts } = await connecting(failures);

  for (let attempt = 0; attempt < failures; attempt += 1) {
    await expect(opened.current().client).rejects.toThrow('could not be loaded');
    await settle();
  }
  await opened.current().client;

  expect(opened.current().client).toBe(opened.current().client);
  expect(counts.connected).toBe(failures + 1);
  await opened.close();
  expect(counts.closed).toBe(1);
});

test('calls at once share the connection, and its failure', async () => {
  const { opened, counts } = await connecting(1);

  const both = [opened.current(), opened.current()];

  expect(both[0]).toBe(both[1]);
  for (const { client } of both) await expect(client).rejects.toThrow('could not be loaded');
  expect(counts.connected).toBe(1);
});
