import { setImmediate as microtasks } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { watchers } from './watch.ts';

/** One watcher of a database in which nothing ever changes but its version. */
function watchedDatabase() {
  const clock = fakeClock();
  const seen = { version: 0, looks: 0, reads: 0 };
  const watching = watchers(() => {
    seen.looks += 1;
    return String(seen.version);
  }, clock);
  const stop = watching.add({
    read() {
      seen.reads += 1;
      return [];
    },
    next: () => undefined,
    failed(error) {
      throw error;
    },
  });

  async function commit(): Promise<void> {
    seen.version += 1;
    watching.wake();
    await microtasks();
  }

  return { clock, seen, stop, watching, commit };
}

test('of a hundred own commits in quick succession the first is looked at at once, and the others together', async () => {
  const { clock, seen, commit } = watchedDatabase();
  await microtasks();
  expect(seen.reads).toBe(1);
  await commit();
  expect(seen.reads).toBe(2);
  for (let n = 0; n < 99; n += 1) await commit();
  expect(seen.reads).toBe(2);
  clock.advance(50);
  expect(seen.reads).toBe(3);
  clock.advance(10_000);
  expect(seen.reads).toBe(3);
});

test('the commit of another process is noticed within 200 ms', async () => {
  const { clock, seen } = watchedDatabase();
  await microtasks();
  seen.version += 1;
  clock.advance(199);
  expect(seen.reads).toBe(1);
  clock.advance(1);
  expect(seen.reads).toBe(2);
});

test('nothing is looked at after the last watcher has stopped', async () => {
  const { clock, seen, stop, commit } = watchedDatabase();
  await microtasks();
  await commit();
  await commit();
  stop();
  const { looks } = seen;
  await commit();
  clock.advance(10_000);
  expect(seen.looks).toBe(looks);
});
