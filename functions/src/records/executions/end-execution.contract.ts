import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningExecution } from '#engine/record/execution.ts';
import { fencedWriter } from '#engine/journal/fenced-writer.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { runExecution } from '#engine/run-execution.ts';
import type { ExecutionRequest } from '#engine/new-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aModelCall, aRunningExecution } from '#testing/builders/an-execution.ts';
import { changeWorld, LEO, withMeanwhile } from '#testing/builders/change-world.ts';
import { aPlaybook, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { verifyChain } from '../audit/audit-chain.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { ENDED_BY_PERSON } from './ended-by-person.ts';
import { endExecution } from './end-execution.ts';
import { executionStore, loadExecution } from './executions.ts';
import { loadStatistics } from '../figures/load-statistics.ts';
import { loadSpend } from '../figures/spend.ts';

const STARTED = new Date('2026-11-20T13:00:00.000Z');
const DAY = '2026-11-20';
const LEASE_MS = 1;
const ROUNDS = 20;
const RACE_TIMEOUT_MS = 60_000;
const REASON = 'Its machine is gone.';
const times = { startedAt: STARTED, completedAt: STARTED, durationMs: 5 };

/** The tests of an execution that a person ends, on any database. */
export function describeEndExecution(openDatabase: () => RunnerDatabase): void {
  let database: RunnerDatabase;
  let documents: Documents;
  let effects: string[];
  let engine: Engine;
  let ids = 0;

  beforeAll(() => {
    database = openDatabase();
    documents = database.documents;
    const world = openEngineWorld([scripted('effect', (_, { executionId }) => effects.push(executionId))], {
      documents,
    });
    engine = { ...world.engine, loadDefinition: async () => PLAYBOOK };
    effects = [];
  });

  afterAll(() => database.close());

  /** An execution whose runner died in its step some time ago, after a paid model call. */
  async function anOrphan(): Promise<RunningExecution> {
    const id = `ops_orphan_${(ids += 1)}`;
    const orphan = aRunningExecution(STARTED, {
      id,
      playbookId: id,
      lease: { owner: 'runner-0', nonce: 'runner-0:3', durationMs: LEASE_MS, takeovers: 0, interruptions: 0 },
      stepsExecuted: 1,
      steps: {
        ask: {
          path: 'ask',
          id: 'ask',
          type: 'effect',
          order: 0,
          status: 'succeeded',
          ...times,
          attempts: [{ number: 1, status: 'succeeded', ...times, output: { n: 1 }, modelCalls: [aModelCall()] }],
        },
        tell: {
          path: 'tell',
          id: 'tell',
          type: 'effect',
          order: 1,
          status: 'running',
          startedAt: STARTED,
          attempts: [{ number: 1, status: 'running', startedAt: STARTED, input: { with: 1 } }],
        },
      },
    });
    await executionStore(documents).create(orphan);
    await delay(5 * LEASE_MS);
    return orphan;
  }

  const deliver = (id: string) => runExecution(requestOf(id), engine);
  const endIt = (executionId: string, on = documents) =>
    endExecution(changeWorld(on), LEO, { executionId, reason: REASON });
  const entriesOn = async (targetId: string) =>
    (await listAuditEntries(documents, { targetId }, { limit: 10 })).items.map(({ action }) => action);
  const failedOnes = async (playbookId: string): Promise<number> =>
    (await loadStatistics(documents, playbookId)).days[DAY]?.failed ?? 0;

  describe('an execution whose runner is silent', () => {
    test('ends as failed with what is known, its figures and its audit entry, in one commit', async () => {
      const { id } = await anOrphan();
      const spentBefore = (await loadSpend(documents, [DAY]))[0]?.total.modelCalls ?? 0;

      expect(await endIt(id)).toMatchObject({ already: false });

      const message = `${LEO.email} ended it: ${REASON}`;
      const failure = { code: 'interrupted', class: 'transient', message };
      const recorded = await loadExecution(documents, id);
      expect(recorded).toMatchObject({
        status: 'failed',
        success: false,
        error: `tell: ${message}`,
        failure,
        failedStep: 'tell',
        runner: ENDED_BY_PERSON,
        results: { ask: { n: 1 } },
        criteria: [],
        spend: { modelCalls: 1, costUsd: 0.25 },
        stepsExecuted: 2,
        steps: {
          ask: { status: 'succeeded' },
          tell: { status: 'failed', failure, continued: false, attempts: [{ status: 'interrupted' }] },
        },
      });
      expect(recorded).not.toHaveProperty('lease');
      expect(recorded).not.toHaveProperty('deadlineAt');
      expect(await failedOnes(id)).toBe(1);
      expect((await loadSpend(documents, [DAY]))[0]?.total.modelCalls).toBe(spentBefore + 1);
      expect((await listAuditEntries(documents, { targetId: id }, { limit: 10 })).items).toMatchObject([
        { action: 'execution_ended', by: LEO.email, reason: REASON, details: { runner: 'runner-0', step: 'tell' } },
      ]);
    });

    test('ends once, however many requests arrive at the same moment', async () => {
      const { id } = await anOrphan();

      const ends = await Promise.all(Array.from({ length: 8 }, () => endIt(id)));

      expect(ends.filter(({ already }) => !already)).toHaveLength(1);
      expect(await endIt(id)).toMatchObject({ already: true, execution: { status: 'failed' } });
      expect(await entriesOn(id)).toEqual(['execution_ended']);
      expect(await failedOnes(id)).toBe(1);
    });

    test('answers a delivery that comes later from its record, and runs nothing', async () => {
      const { id } = await anOrphan();
      await endIt(id);

      expect(await deliver(id)).toMatchObject({ kind: 'recorded', execution: { runner: ENDED_BY_PERSON } });
      expect(effects).not.toContain(id);
    });

    test('is no longer written to by a runner that comes back', async () => {
      const orphan = await anOrphan();
      const { fence } = (await executionStore(documents).read(orphan.id)) ?? { fence: '' };
      const zombie = fencedWriter({
        store: engine.store,
        clock: engine.clock,
        execution: orphan,
        fence,
        endBy: orphan.deadlineAt,
      });
      const { execution: ended } = await endIt(orphan.id);

      await expect(zombie.write(new Map(), 2, { kind: 'running', lease: orphan.lease })).rejects.toMatchObject({
        code: 'lease_lost',
      });
      await expect(
        zombie.write(new Map(), 2, {
          kind: 'ended',
          finished: { ...ended, status: 'succeeded', success: true, error: null, runner: 'runner-0' },
        }),
      ).rejects.toMatchObject({ code: 'lease_lost' });
      expect(await loadExecution(documents, orphan.id)).toMatchObject({ status: 'failed', runner: ENDED_BY_PERSON });
      expect(await failedOnes(orphan.id)).toBe(1);
    });

    test('does not end when a runner takes it over at the same moment', async () => {
      const { id } = await anOrphan();

      const end = endIt(
        id,
        withMeanwhile(documents, () => deliver(id)),
      );

      await expect(end).rejects.toMatchObject({ code: 'rejected' });
      expect(await loadExecution(documents, id)).toMatchObject({ status: 'succeeded' });
      expect(effects.filter((one) => one === id)).toHaveLength(1);
      expect(await entriesOn(id)).toEqual([]);
    });

    test('is not taken over when it ends at the same moment', async () => {
      const { id } = await anOrphan();
      let hasHappened = false;
      const read: Engine['store']['read'] = async (asked) => {
        const stored = await engine.store.read(asked);
        if (!hasHappened) await endIt(id);
        hasHappened = true;
        return stored;
      };

      const claimed = await runExecution(requestOf(id), { ...engine, store: { ...engine.store, read } });

      expect(claimed).toMatchObject({ kind: 'recorded', execution: { runner: ENDED_BY_PERSON } });
      expect(effects).not.toContain(id);
    });

    test(
      'is either ended or taken over, never both, when both happen at the same moment',
      async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const { id } = await anOrphan();

          const [, end] = await Promise.allSettled([
            delay(round % 4).then(() => deliver(id)),
            delay((3 * round) % 5).then(() => endIt(id)),
          ]);

          const isEnded = end.status === 'fulfilled';
          expect(await loadExecution(documents, id)).toMatchObject({ status: isEnded ? 'failed' : 'succeeded' });
          expect(effects.filter((one) => one === id)).toHaveLength(isEnded ? 0 : 1);
          expect(await entriesOn(id)).toEqual(isEnded ? ['execution_ended'] : []);
          expect(await failedOnes(id)).toBe(isEnded ? 1 : 0);
        }
        expect(await verifyChain(documents, {})).toMatchObject({ ok: true });
      },
      RACE_TIMEOUT_MS,
    );
  });
}

const PLAYBOOK = Playbook.parse(
  aPlaybook([
    { id: 'ask', type: 'effect' },
    { id: 'tell', type: 'effect' },
  ]),
);

function requestOf(id: string): ExecutionRequest {
  return {
    id,
    playbook: { ...PLAYBOOK, id },
    version: 'v1',
    slot: STARTED,
    trigger: { kind: 'schedule' },
    window: { start: STARTED, end: STARTED },
  };
}
