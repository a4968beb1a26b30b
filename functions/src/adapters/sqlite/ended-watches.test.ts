import { describe, expect, test } from 'vitest';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { settle } from '#testing/builders/settle.ts';
import { watchers, type Watcher } from './watch.ts';

interface Told {
  reads: number;
  readonly answers: number[];
  readonly failures: string[];
}

/** A database with one commit for each advance of `commits`, and watchers that record what they are told. */
function watched() {
  const clock = fakeClock();
  const database = { commits: 0, versionFails: false };
  const watching = watchers(() => {
    if (database.versionFails) throw new Error('The file is gone.');
    return String(database.commits);
  }, clock);

  function watch(over: Partial<Watcher> = {}): { readonly told: Told; readonly stop: () => void } {
    const told: Told = { reads: 0, answers: [], failures: [] };
    const stop = watching.add({
      read() {
        told.reads += 1;
        return over.read?.() ?? [documentOf(database.commits)];
      },
      next(documents) {
        told.answers.push(documents.length);
        over.next?.(documents);
      },
      failed(error) {
        told.failures.push(error.message);
      },
    });
    return { told, stop };
  }

  async function commit(): Promise<void> {
    database.commits += 1;
    watching.wake();
    await settle();
    clock.advance(1_000);
  }

  return { clock, database, watching, watch, commit };
}

function documentOf(version: number): StoredDocument {
  const at = new Date(version);
  return { id: 'a', path: 'c/a', data: {}, updateTime: String(version), updatedAt: at, readAt: at };
}

const BUSY = Object.assign(new Error('database is locked'), { errcode: 517 });

describe('a watch', () => {
  test('that is ended at the moment it began is told of nothing and reads nothing', async () => {
    const { watch, commit } = watched();
    const { told, stop } = watch();

    stop();
    await settle();
    await commit();

    expect(told).toEqual({ reads: 0, answers: [], failures: [] });
  });

  test('that is ended at the moment it began leaves the others alone', async () => {
    const { watch, commit } = watched();
    const other = watch();
    const { told, stop } = watch();

    stop();
    await settle();
    await commit();

    expect([told.reads, other.told.answers]).toEqual([0, [1, 1]]);
  });

  test('that another ended while it was told is not told', async () => {
    const { watch, commit } = watched();
    const stops: (() => void)[] = [];
    const first = watch({ next: () => stops[1]?.() });
    const second = watch();
    stops.push(first.stop, second.stop);

    await settle();
    await commit();

    expect([first.told.answers, second.told.reads]).toEqual([[1, 1], 0]);
  });

  test('that ends itself while it is told is told nothing more', async () => {
    const { watch, commit } = watched();
    const stops: (() => void)[] = [];
    const { told, stop } = watch({ next: () => stops[0]?.() });
    stops.push(stop);

    await settle();
    await commit();
    await commit();

    expect(told.answers).toEqual([1]);
  });

  test('is told nothing more once all were closed, also if it had not begun', async () => {
    const { watch, watching, commit } = watched();
    const begun = watch();
    await settle();
    const late = watch();

    watching.close();
    await settle();
    await commit();

    expect([begun.told.answers, late.told.reads]).toEqual([[1], 0]);
  });
});

describe('a watch that failed', () => {
  test.each([
    ['by itself', new Error('no such table')],
    ['because of a slip', new TypeError('x is not a function')],
  ])('%s is told so once, and is never asked again', async (_, thrown) => {
    const { watch, commit } = watched();
    const other = watch();
    const { told } = watch({
      read() {
        throw thrown;
      },
    });

    await settle();
    for (let n = 0; n < 3; n += 1) await commit();

    expect(told).toEqual({ reads: 1, answers: [], failures: ['The database could not be read while it was watched.'] });
    expect(other.told.answers).toEqual([1, 1, 1, 1]);
  });

  test('together with all others, because the file is gone, is told so once', async () => {
    const { watch, database, clock } = watched();
    const both = [watch(), watch()];
    await settle();

    database.versionFails = true;
    clock.advance(10_000);
    database.versionFails = false;
    database.commits += 1;
    clock.advance(10_000);

    for (const { told } of both) expect(told).toMatchObject({ reads: 1, answers: [1], failures: [expect.any(String)] });
  });

  test('only because the file is locked goes on, and is told when the lock is gone', async () => {
    const { watch, commit, clock } = watched();
    let isLocked = true;
    const { told } = watch({
      read() {
        if (isLocked) throw BUSY;
        return [];
      },
    });

    await settle();
    await commit();
    expect(told).toMatchObject({ answers: [], failures: [] });
    isLocked = false;
    clock.advance(200);

    expect(told).toMatchObject({ answers: [0], failures: [] });
  });
});
