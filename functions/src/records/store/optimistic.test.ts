import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DocumentsError, type DocumentsErrorCode } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { isRace, MAX_TRIES, optimistically, randomPause, unlessRaced } from './optimistic.ts';

const raced = new DocumentsError('conflict', 'Somebody was faster.');

describe('an optimistic change', () => {
  test('is tried again after each race, and resolves to the result of the last attempt', async () => {
    let looks = 0;

    const result = await optimistically(async () => {
      looks += 1;
      return unlessRaced(looks < 3 ? Promise.reject(raced) : Promise.resolve(), looks);
    });

    expect(result).toBe(3);
  });

  test.each<[DocumentsErrorCode, boolean]>([
    ['already_exists', true],
    ['conflict', true],
    ['not_found', true],
    ['unavailable', false],
    ['denied', false],
    ['invalid', false],
  ])('that meets %s is tried again: %s', async (code, again) => {
    const error = new DocumentsError(code, 'No.');
    let looks = 0;
    const change = optimistically(async () => {
      looks += 1;
      return unlessRaced(Promise.reject(error), 'done');
    });

    await expect(change).rejects.toBe(error);
    expect(looks).toBe(again ? MAX_TRIES : 1);
    expect(isRace(error)).toBe(again);
  });

  test('gives up with its own error, and pauses between the attempts but not after the last', async () => {
    const paused: number[] = [];
    const change = optimistically(() => unlessRaced(Promise.reject(raced), undefined), {
      pause: async (tries) => void paused.push(tries),
      gaveUp: (cause) => new Error('Given up.', { cause }),
    });

    await expect(change).rejects.toMatchObject({ message: 'Given up.', cause: raced });
    expect(paused).toEqual(Array.from({ length: MAX_TRIES - 1 }, (_, index) => index + 1));
  });

  test('of as many writers as there are attempts loses nothing that another has written', async () => {
    const documents = sqliteDocuments({ file: ':memory:' });
    const path = 'records/sum';
    const addOne = () =>
      optimistically(async () => {
        const stored = await documents.get(path);
        const sum = Number(stored?.data['sum'] ?? 0) + 1;
        const write =
          stored === undefined
            ? ({ kind: 'create', path, data: { sum } } as const)
            : ({
                kind: 'update',
                path,
                changes: [{ field: ['sum'], value: sum }],
                ifUpdateTime: stored.updateTime,
              } as const);
        return unlessRaced(documents.commit([write]), sum);
      });

    await Promise.all(Array.from({ length: MAX_TRIES }, addOne));

    expect((await documents.get(path))?.data).toEqual({ sum: MAX_TRIES });
    await documents.close();
  });
});

describe('the pauses of two writers', () => {
  test('differ, and last 250 ms at most', async () => {
    const pausesOf = async (seed: string): Promise<readonly number[]> => {
      const clock = fakeClock('2026-11-20T14:00:00.000Z');
      const pause = randomPause(clock, seed);
      const lengths: number[] = [];
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        const startMs = clock.now().getTime();
        await pause(tries);
        lengths.push(clock.now().getTime() - startMs);
      }
      return lengths;
    };

    const [one, other] = [await pausesOf('one'), await pausesOf('other')];
    expect(one).not.toEqual(other);
    expect(Math.max(...one, ...other)).toBeLessThanOrEqual(250);
    expect(Math.max(...one)).toBeGreaterThan(100);
  });
});
