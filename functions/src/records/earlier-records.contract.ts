import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { runExecution } from '#engine/run-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, LEO } from '#testing/builders/change-world.ts';
import { openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { earlierPlaybooks, earlierRecords, storeEarlierRecords } from '#testing/earlier-records/earlier-records.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { verifyChain } from './audit/audit-chain.ts';
import { recordedRequest } from './executions/execution-request.ts';
import { recentExecutions } from './executions/execution-queries.ts';
import { executionStore, loadExecution } from './executions/executions.ts';
import { listExecutions } from './executions/list-executions.ts';
import { moveEarlierDays } from './figures/earlier-days.ts';
import { loadStatistics } from './figures/load-statistics.ts';
import { statisticsPath } from './figures/playbook-statistics.ts';
import { historiesIn, INTEGRATION_HEALTH_PATH } from './health/integration-health.ts';
import { listNotifications, loadNotification } from './notifications/notifications.ts';
import { loadPlaybook } from './playbooks/playbooks.ts';
import { loadControl } from './settings/control.ts';
import { decide, undoDecision } from './threads/thread-decisions.ts';
import { listThreads } from './threads/thread-queries.ts';
import { loadThread } from './threads/threads.ts';

const idsIn = (collection: string): readonly string[] =>
  [...earlierRecords.keys()]
    .filter((path) => path.startsWith(`${collection}/`) && path.split('/').length === 2)
    .map((path) => path.slice(collection.length + 1))
    .toSorted();
const executionIds = idsIn('playbook_executions');
const orphans = executionIds.filter((id) => id.startsWith('ops_vanished'));

/** The tests of records that the previous version wrote, on any database. */
export function describeEarlierRecords(openDatabase: () => RunnerDatabase): void {
  let database: RunnerDatabase;
  let documents: Documents;
  let engine: Engine;
  const posted: string[] = [];

  beforeAll(async () => {
    database = openDatabase();
    documents = database.documents;
    await storeEarlierRecords(documents);
    engine = openEngine(documents, posted);
  });
  afterAll(() => database.close());

  describe('records of the previous version', () => {
    test.each(executionIds)('contain the execution %s, which is read in full', async (id) => {
      const stored = earlierRecords.get(`playbook_executions/${id}`);
      const { status, startedAt, stepsExecuted } = stored ?? {};
      expect(await loadExecution(documents, id)).toMatchObject({ id, status, startedAt, stepsExecuted });
    });

    test('are listed, none of them as unreadable', async () => {
      const page = { limit: 50 };
      const whole = await recentExecutions(documents, page);
      const lists = [
        await listExecutions(documents, {}, page).then(
          ({ executions, unreadable }) => [executions, unreadable] as const,
        ),
        await listThreads(documents, {}, page).then(({ items, unreadable }) => [items, unreadable] as const),
        await listNotifications(documents, {}, page).then(({ items, unreadable }) => [items, unreadable] as const),
      ];
      expect(whole.unreadable).toEqual([]);
      expect(lists.map(([items, unreadable]) => [items.length, unreadable])).toEqual(
        ['playbook_executions', 'playbook_threads', 'playbook_notifications'].map((name) => [idsIn(name).length, []]),
      );
    });

    test('that were shortened say so as soon as they are read', async () => {
      const execution = await loadExecution(documents, 'ops_short_20261120T140000Z');
      expect(execution?.steps).toMatchObject({
        read: { shortened: true },
        bad: { shortened: true },
        left: { attempts: [] },
      });
    });

    test.each(idsIn('playbook_threads'))('contain the thread %s, which is read in full', async (id) => {
      const stored = earlierRecords.get(`playbook_threads/${id}`);
      expect(await loadThread(documents, id)).toMatchObject({ state: stored?.['state'], title: stored?.['title'] });
    });

    test.each(idsIn('playbook_notifications'))('contain the message %s', async (id) => {
      expect(await loadNotification(documents, id)).toMatchObject({ body: 'b' });
    });

    test('contain control, health, playbooks and the audit log', async () => {
      expect(await loadControl(documents)).toMatchObject({ mode: 'maintenance' });
      expect([...historiesIn(await documents.get(INTEGRATION_HEALTH_PATH)).keys()].toSorted()).toEqual([
        'down', 'good', 'keyless', 'later', 'slow',
      ]); // prettier-ignore
      expect(await loadPlaybook(documents, 'ops_seeded')).toMatchObject({ pause: { reason: 'Tea.' } });
      expect(await verifyChain(documents, {})).toMatchObject({ ok: true, complete: true });
    });

    test.each(idsIn('playbook_statistics'))(
      'contain the figures of %s, which are the same after they are moved',
      async (id) => {
        const before = await loadStatistics(documents, id);
        expect(Object.keys(before.days)).toEqual(
          Object.keys(earlierRecords.get(`playbook_statistics/${id}`)?.['days'] ?? {}),
        );

        await moveEarlierDays(documents, { playbookId: id, now: new Date('2026-11-23T00:00:00.000Z') });

        expect((await documents.get(statisticsPath(id)))?.data['days']).toEqual({});
        expect((await loadStatistics(documents, id)).days).toEqual(before.days);
      },
    );

    test('can be decided, and the decision can be undone', async () => {
      const world = { ...changeWorld(documents) };
      const before = await loadThread(documents, 'e_awaiting');
      const payloadSha256 = before?.payloadSha256 ?? '';
      await decide(world, LEO, { threadId: 'e_awaiting', verdict: 'rejected', payloadSha256, comment: 'No.' });
      expect(await loadThread(documents, 'e_awaiting')).toMatchObject({
        state: 'rejected',
        decision: { comment: 'No.' },
      });
      const { thread } = await undoDecision(world, LEO, { threadId: 'e_awaiting' });
      expect({ ...thread, updatedAt: before?.updatedAt }).toEqual(before);
    });

    test.each(orphans)('contain %s, which lost its runner and continues to its end', async (id) => {
      const begun = await loadExecution(documents, id);
      if (begun?.status !== 'running') throw new Error(`${id} is not running.`);
      const earlier = Object.values(begun.steps).filter(({ status }) => status !== 'running');
      const ran = await runExecution(recordedRequest(begun, earlierPlaybooks.get(begun.version)), engine);

      expect(ran).toMatchObject({ kind: 'ended', execution: { status: 'succeeded' } });
      const execution = await loadExecution(documents, id);
      expect(execution).toMatchObject({ status: 'succeeded' });
      for (const step of earlier) expect(execution?.steps[step.path]).toEqual(step);
      expect(
        Object.values(execution?.steps ?? {}).flatMap(({ attempts }) => attempts.map(({ status }) => status)),
      ).toContain('interrupted');
      expect(new Set(posted).size).toBe(posted.length);
    });
  });
}

function openEngine(documents: Documents, posted: string[]): Engine {
  const types = [
    scripted('read', (input) => input['with'] ?? { n: 1 }),
    scripted('big', () => 'x'.repeat(33_000)),
    scripted('flaky', (_, { attempt }) => ({ attempt })),
    scripted('bad', () => {
      throw new PlaybookError('rejected', 'It said no.');
    }),
    scripted('post', (_, { idempotencyKey }) => ({ posted: posted.push(idempotencyKey) }), { does: 'keyed' }),
  ];
  const world = openEngineWorld(types);
  return {
    ...world.engine,
    store: openStore(documents),
    loadDefinition: async (_, version) => earlierPlaybooks.get(version),
  };
}

/** The leases of the fixtures have expired: their runners are gone. */
function openStore(documents: Documents): Engine['store'] {
  const store = executionStore(documents);
  return {
    ...store,
    async read(id, limit) {
      const stored = await store.read(id, limit);
      return stored && { ...stored, readAt: new Date(stored.updatedAt.getTime() + 3_600_000) };
    },
  };
}
