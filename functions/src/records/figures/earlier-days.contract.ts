import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '#core/duration.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { countedDocuments } from '#testing/builders/counted-documents.ts';
import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { lastDays, lastHours } from '../store/utc-periods.ts';
import { earlierDaysPath, moveEarlierDays } from './earlier-days.ts';
import { loadStatistics } from './load-statistics.ts';
import { statisticsPath, statisticsWrite } from './playbook-statistics.ts';
import { sumOfDays } from './statistics-sum.ts';

const PLAYBOOK = 'ops_test';
const HOUR_MS = DAY_MS / 24;
const NOON = new Date('2026-11-20T12:10:00.000Z');
const later = (hours: number): Date => new Date(NOON.getTime() + hours * HOUR_MS);

/** Loses every third answer to a commit, and every third of those commits. */
function forgetful(documents: Documents, random: () => number): Documents {
  return {
    ...documents,
    async commit(writes) {
      const fate = random();
      if (fate < 0.1) throw new DocumentsError('unavailable', 'The call was lost.');
      const updateTime = await documents.commit(writes);
      if (fate < 0.33) throw new DocumentsError('unavailable', 'The answer was lost.');
      return updateTime;
    },
  };
}

/** The move of the earlier days, on any database. */
export function describeEarlierDays(open: () => Documents): void {
  describe('the earlier days of a playbook', () => {
    let documents: Documents;

    beforeEach(() => {
      documents = open();
    });
    afterEach(() => documents.close());

    const end = (hours: number): Promise<void> => storeExecution(documents, aSucceededExecution(later(hours)));
    const move = (hours: number, on = documents): Promise<void> =>
      moveEarlierDays(on, { playbookId: PLAYBOOK, now: later(hours) });
    const daysIn = async (path: string): Promise<readonly string[]> =>
      Object.keys((await documents.get(path))?.data['days'] ?? {}).toSorted();
    const counted = async (): Promise<number> => {
      const statistics = await loadStatistics(documents, PLAYBOOK);
      return sumOfDays(statistics, Object.keys(statistics.days)).succeeded;
    };

    test('leave the document that every end writes, and are read as before', async () => {
      for (const hours of [0, 1, 24, 48]) await end(hours);
      const before = await loadStatistics(documents, PLAYBOOK);

      await move(48);

      expect(await daysIn(statisticsPath(PLAYBOOK))).toEqual(['2026-11-22']);
      expect(await daysIn(earlierDaysPath(PLAYBOOK))).toEqual(['2026-11-20', '2026-11-21']);
      expect(await loadStatistics(documents, PLAYBOOK)).toEqual(before);
    });

    test('are added to, when an execution of an earlier day ends after they were moved', async () => {
      await end(0);
      await end(24);
      await move(24);
      const criteria = [{ id: 'latency', value: 7, band: 'ok' as const }];
      await storeExecution(documents, aSucceededExecution(later(1), { criteria }));
      const late = { succeeded: 2, criteria: { latency: { ok: 1, last: 7 } } };
      expect((await loadStatistics(documents, PLAYBOOK)).days['2026-11-20']).toMatchObject(late);

      await move(25);

      expect(await daysIn(statisticsPath(PLAYBOOK))).toEqual(['2026-11-21']);
      expect((await loadStatistics(documents, PLAYBOOK)).days['2026-11-20']).toMatchObject(late);
    });

    test.each([
      { moved: 1, late: 2 },
      { moved: 2, late: 1 },
    ])(
      'keep the value that was measured last (hour $moved is moved, hour $late ends late)',
      async ({ moved, late }) => {
        const measured = (hours: number): Promise<void> => {
          const criteria = [{ id: 'latency', value: hours, band: 'ok' as const }];
          return storeExecution(documents, aSucceededExecution(later(hours), { criteria }));
        };
        await measured(moved);
        await move(24);
        await measured(late);
        await move(24);

        const { days } = await loadStatistics(documents, PLAYBOOK);
        expect(days['2026-11-20']?.criteria).toMatchObject({ latency: { ok: 2, last: 2 } });
      },
    );

    test('stay where they are, if one of their executions ends while they are moved', async () => {
      await end(0);
      const disturbed: Documents = {
        ...documents,
        async commit(writes) {
          await end(1);
          return documents.commit(writes);
        },
      };

      await expect(move(24, disturbed)).rejects.toMatchObject({ code: 'unavailable' });

      expect(await counted()).toBe(2);
      await move(24);
      expect(await counted()).toBe(2);
    });

    test('are forgotten after 63 days, and hours after 49, with as much in the way as an earlier version left', async () => {
      for (let day = 0; day < 75; day += 1)
        await documents.commit([statisticsWrite(aSucceededExecution(later(day * 24)))]);
      for (let hour = 1; hour < 60; hour += 1) {
        await documents.commit([statisticsWrite(aSucceededExecution(later(74 * 24 + hour)))]);
      }
      const now = later(74 * 24 + 59);

      await moveEarlierDays(documents, { playbookId: PLAYBOOK, now });

      const kept = await loadStatistics(documents, PLAYBOOK);
      expect(Object.keys(kept.days).toSorted()).toEqual(lastDays(now, 63));
      expect(Object.keys(kept.hours).toSorted()).toEqual(lastHours(now, 49));
    });

    test('are neither lost nor counted twice by moves and ends at once, whichever answers are lost', async () => {
      const random = seededRandom(5);
      const unreliable = forgetful(documents, random);
      const DAYS = 6;
      const ENDS_A_DAY = 5;

      for (let day = 0; day < DAYS; day += 1) {
        const ends = Array.from({ length: ENDS_A_DAY }, (_, index) => end(day * 24 + index));
        const moves = Array.from({ length: 3 }, () => move(day * 24, unreliable));
        await Promise.allSettled([...moves, ...ends]);
        await Promise.allSettled([move(day * 24, unreliable), move(day * 24, unreliable)]);
      }

      expect(await counted()).toBe(DAYS * ENDS_A_DAY);
      await move(DAYS * 24);
      expect(await counted()).toBe(DAYS * ENDS_A_DAY);
      expect(await daysIn(statisticsPath(PLAYBOOK))).toEqual([]);
    });

    test('are read once, even if they are moved between the two reads', async () => {
      await end(0);
      await end(24);
      let reads = 0;
      const disturbed: Pick<Documents, 'get'> = {
        async get(path) {
          reads += 1;
          if (reads === 2) await move(24);
          return documents.get(path);
        },
      };

      const { days } = await loadStatistics(disturbed, PLAYBOOK);

      expect(Object.entries(days).map(([day, { succeeded }]) => [day, succeeded])).toEqual([
        ['2026-11-20', 1],
        ['2026-11-21', 1],
      ]);
    });

    test('are read even if the database was restored in another order', async () => {
      for (const hours of [0, 24]) await end(hours);
      await move(24);
      const earlier = await documents.get(earlierDaysPath(PLAYBOOK));
      await documents.commit([
        { kind: 'set', path: earlierDaysPath(PLAYBOOK), data: { ...earlier?.data, restored: true } },
      ]);

      expect(await counted()).toBe(2);
    });

    test('cost one read and no write where there are none to be moved', async () => {
      await end(0);
      const watched = countedDocuments(documents);

      await move(1, watched);

      expect(watched.counts()).toMatchObject({ reads: 1, writes: 0 });
    });
  });
}
