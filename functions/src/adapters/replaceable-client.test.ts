import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { replaceableClient } from './replaceable-client.ts';

/** Clients that are numbers in the order in which they were opened. */
function numbered() {
  const closed: number[] = [];
  let openings = 0;
  const client = replaceableClient({
    what: 'The bank',
    timeoutMs: 50,
    open: async () => (openings += 1),
    close: async (one: number) => closed.push(one),
    isLate: (thrown) => thrown instanceof RangeError,
  });
  return { client, closed, openings: () => openings };
}

const hang = (): Promise<never> => new Promise(() => undefined);

test('a client is opened once for all calls that are answered', async () => {
  const { client, openings } = numbered();
  await Promise.all([client.call(async (one) => one), client.call(async (one) => one)]);
  await expect(client.call(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await client.call(async (one) => one)).toBe(1);
  expect(openings()).toBe(1);
});

test('a call that is not answered in time costs the client, and the next one gets a new one', async () => {
  const { client } = numbered();
  await expect(client.call(hang)).rejects.toMatchObject({
    code: 'timeout',
    message: 'The bank did not answer within 50 ms.',
  });
  expect(await client.call(async (one) => one)).toBe(2);
});

test('a client that says itself that it was not answered in time is replaced, too', async () => {
  const { client } = numbered();
  await expect(client.call(() => Promise.reject(new RangeError('late')))).rejects.toThrow('late');
  await expect(client.call(() => Promise.reject(new PlaybookError('timeout', 'late')))).rejects.toThrow('late');
  expect(await client.call(async (one) => one)).toBe(3);
});

test('many calls that are not answered cost one client', async () => {
  const { client, openings } = numbered();
  await Promise.allSettled(Array.from({ length: 10 }, () => client.call(hang)));
  await Promise.all(Array.from({ length: 10 }, () => client.call(async (one) => one)));
  expect(openings()).toBe(2);
});

test('a client that is replaced ends with the last call through it', async () => {
  const { client, closed } = numbered();
  const answer = Promise.withResolvers<string>();
  const late = client.call(() => answer.promise);
  await expect(late).rejects.toMatchObject({ code: 'timeout' });
  await delay(20);
  expect(closed).toEqual([]);
  answer.resolve('at last');
  await delay(20);
  expect(closed).toEqual([1]);
});

test('a client that could not be opened is opened again by the next call', async () => {
  let openings = 0;
  const client = replaceableClient({
    what: 'The bank',
    timeoutMs: 50,
    async open() {
      openings += 1;
      if (openings === 1) throw new Error('no module');
      return openings;
    },
    close: async () => undefined,
  });
  await expect(client.call(async (one) => one)).rejects.toThrow('no module');
  expect(await client.call(async (one) => one)).toBe(2);
  await client.close();
});
