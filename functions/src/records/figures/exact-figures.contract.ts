import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#core/duration.ts';
import { claimSkipped } from '#engine/claim/claim.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { runExecution } from '#engine/run-execution.ts';
import { executionHeader, type ExecutionRequest } from '#engine/new-execution.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { aModelCall } from '#testing/builders/an-execution.ts';
import { aPlaybook, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { EXECUTIONS } from '../executions/executions.ts';
import { withSmallStatistics } from '../executions/small-statistics.ts';
import { earlierDaysPath } from './earlier-days.ts';
import { loadStatistics } from './load-statistics.ts';
import { loadSpend } from './spend.ts';
import { sumOfDays } from './statistics-sum.ts';

const SLOTS = 60;
const DELIVERIES = 4;
const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-11-20T14:00:00.000Z');
const random = seededRandom(11);

/** A database that loses every fourth answer to a commit, whether or not the commit has happened. */
function forgetful(documents: Documents): Documents {
  return {
    ...documents,
    async commit(writes) {
      const fate = random();
      if (fate < 0.1) throw new DocumentsError('unavailable', 'The call was lost.');
      const updateTime = await documents.commit(writes);
      if (fate < 0.25) throw new DocumentsError('unavailable', 'The answer was lost.');
      return updateTime;
    },
  };
}

/** Compares the figures with the executions they count, on any database, with many answers lost. */
export function describeExactFigures(open: () => Documents): void {
  describe('the figures', () => {
    test('count every ended execution once, whichever answers are lost and however often it is delivered', async () => {
      const documents = open();
      const asks = scripted('asks', async (_, context) => {
        await context.recordModelCall(aModelCall());
        if (context.executionId.endsWith('7')) throw new Error('No.');
      });
      const world = openEngineWorld([asks], { documents: forgetful(documents) });
      const engine = { ...world.engine, store: withSmallStatistics(world.engine.store, world.documents) };
      const playbook = Playbook.parse(aPlaybook([{ id: 'one', type: 'asks' }]));
      const requests = Array.from({ length: SLOTS }, (_, index) => request(playbook, index));

      for (let delivery = 0; delivery < DELIVERIES; delivery += 1) {
        await Promise.allSettled(
          requests
            .slice(0, (SLOTS / (DELIVERIES - 1)) * (delivery + 1))
            .map((one, index) =>
              index % 5 === 0
                ? claimSkipped({ ...executionHeader(one, engine), ...SKIPPED }, engine)
                : runExecution(one, engine),
            ),
        );
        // The next ones begin on another day, and move the figures of this one.
        world.clock.advance(DAY_MS);
      }

      const having = async (status: string) =>
        (await documents.aggregate({ collection: EXECUTIONS, where: [{ field: 'status', op: '==', value: status }] }))
          .count;
      const [succeeded, failed, skipped] = [await having('succeeded'), await having('failed'), await having('skipped')];
      const statistics = await loadStatistics(documents, playbook.id);
      const days = Object.keys(statistics.days).toSorted();
      expect(succeeded + failed).toBeGreaterThan(SLOTS / 2);
      expect(Object.keys((await documents.get(earlierDaysPath(playbook.id)))?.data['days'] ?? {})).not.toEqual([]);
      expect(sumOfDays(statistics, days)).toMatchObject({ succeeded, failed, skipped });
      const recorded = await documents.aggregate({ collection: EXECUTIONS }, ['spend.modelCalls', 'spend.costUsd']);
      const spent = (await loadSpend(documents, days)).map(({ total }) => total);
      expect(spent.reduce((sum, { modelCalls }) => sum + modelCalls, 0)).toBe(recorded.sums['spend.modelCalls']);
      expect(spent.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBe(recorded.sums['spend.costUsd']);
      await documents.close();
    }, 60_000);
  });
}

const SKIPPED = {
  status: 'skipped',
  success: true,
  error: null,
  completedAt: new Date(START_MS),
  duration: 0,
  results: {},
  reason: 'paused',
  explanation: 'It is paused.',
} as const;

function request(playbook: Playbook, index: number): ExecutionRequest {
  const slot = new Date(START_MS + index * HOUR_MS);
  return {
    id: `ops_test_${index}`,
    playbook,
    version: 'v1',
    slot,
    trigger: { kind: 'schedule' },
    window: { start: new Date(slot.getTime() - HOUR_MS), end: slot },
  };
}
