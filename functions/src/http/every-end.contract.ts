import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import { CONTROL_PATH } from '#records/settings/control.ts';
import { executionStore } from '#records/executions/executions.ts';
import { playbookPath } from '#records/playbooks/playbooks.ts';
import { aRunningExecution } from '#testing/builders/an-execution.ts';
import { failureOf, openEndingWorld, type EndingWorld } from '#testing/runner/ending-world.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';

const DAY_MS = 86_400_000;

/** What comes between the death of a runner and the next delivery, and how the execution must end then. */
interface Way {
  readonly id: string;
  readonly way: string;
  readonly deadline?: string;
  meanwhile?(database: RunnerDatabase): Promise<void>;
  readonly ends: 'succeeded' | 'failed';
  readonly failure?: string;
}

const changed = (id: string, field: string, value: unknown) => async (database: RunnerDatabase) => {
  const shown = value === true || value === false ? value : { reason: 'Holidays', until: null, by: 'ann@example.com' };
  const write = { kind: 'update', path: playbookPath(id), changes: [{ field: [field], value: shown }] } as const;
  await database.documents.commit([write]);
};

const control = (mode: 'run' | 'maintenance') => async (database: RunnerDatabase) => {
  const data = { mode, until: null, reason: 'Move', by: 'ann@example.com' };
  await database.documents.commit([{ kind: 'set', path: CONTROL_PATH, data }]);
};

/** Every way in which the next delivery may find an execution whose runner is gone. What has begun may end. */
const WAYS: readonly Way[] = [
  { id: 'ops_end_plain', way: 'nothing else happens', ends: 'succeeded' },
  {
    id: 'ops_end_paused',
    way: 'the playbook is paused',
    meanwhile: changed('ops_end_paused', 'pause', {}),
    ends: 'succeeded',
  },
  {
    id: 'ops_end_disabled',
    way: 'the playbook is disabled',
    meanwhile: changed('ops_end_disabled', 'enabled', false),
    ends: 'succeeded',
  },
  {
    id: 'ops_end_gone',
    way: 'the playbook is deleted',
    meanwhile: async ({ documents }) =>
      void (await documents.commit([{ kind: 'delete', path: playbookPath('ops_end_gone') }])),
    ends: 'succeeded',
  },
  {
    id: 'ops_end_deadline',
    way: 'its deadline passes',
    deadline: '1s',
    meanwhile: () => delay(1_000),
    ends: 'failed',
    failure: 'deadline_exceeded',
  },
];

/** Everything that may keep an execution from ending, against the built function, on any database. */
export function describeEveryEnd(openDatabase: () => RunnerDatabase): void {
  describe('an execution', () => {
    let world: EndingWorld;

    beforeAll(async () => {
      world = await openEndingWorld(openDatabase);
      await world.seed(...WAYS.map(({ id, deadline = '20s' }) => world.calling(id, { deadline })));
    }, 60_000);

    afterAll(() => world.close());

    test.each(WAYS)(
      'whose runner was killed and for which then $way: $ends with the next delivery',
      async ({ id, meanwhile, ends, failure }) => {
        await world.killedDuringCall(id);
        await meanwhile?.(world.database);

        const answer = await world.delivered(id);

        const execution = await world.recorded(id);
        expect([answer.httpStatus, execution?.status]).toEqual([ends === 'succeeded' ? 200 : 500, ends]);
        expect(failureOf(execution)?.code).toBe(failure);
        expect(await world.alertsOf(id)).toBe(ends === 'failed' ? 1 : 0);
      },
      30_000,
    );

    test('whose runner was killed goes on during maintenance, too', async () => {
      await world.seed(world.calling('ops_end_maintenance'));
      await world.killedDuringCall('ops_end_maintenance');
      await control('maintenance')(world.database);

      const answer = await world.delivered('ops_end_maintenance');

      expect([answer.httpStatus, await world.recorded('ops_end_maintenance')]).toMatchObject([
        200,
        { status: 'succeeded' },
      ]);
      await control('run')(world.database);
      // What it heard of the maintenance, it believes for a while.
      await world.runner.kill();
      world.runner = await world.start();
    }, 30_000);

    test('whose slot is more than a day old by now is ended, and people are told', async () => {
      await world.seed(world.calling('ops_end_stale'));
      const old = new Date(world.slot.getTime() - 25 * 60 * 60_000);
      const lease = { owner: 'gone', nonce: 'gone:0', durationMs: 1, takeovers: 0, interruptions: 0 };
      const id = slotExecutionId('ops_end_stale', old);
      await executionStore(world.database.documents).create(
        aRunningExecution(old, {
          id,
          playbookId: 'ops_end_stale',
          version: 'v1',
          lease,
          deadlineAt: new Date(old.getTime() + DAY_MS),
        }),
      );
      await delay(20);

      const answer = await world.delivered('ops_end_stale', old);

      expect([answer.httpStatus, await world.recorded('ops_end_stale', old)]).toMatchObject([
        500,
        { status: 'failed', failure: { code: 'deadline_exceeded' } },
      ]);
      expect(await world.alertsOf('ops_end_stale')).toBe(1);
    });

    test('that kills its runner at every delivery ends as failed with the last one that Cloud Scheduler makes, and people are told', async () => {
      await world.seed(world.calling('ops_end_deadly'));
      for (let death = 1; death <= 3; death += 1) await world.killedDuringCall('ops_end_deadly');

      const answer = await world.delivered('ops_end_deadly');

      expect(answer.httpStatus).toBe(500);
      expect(await world.recorded('ops_end_deadly')).toMatchObject({
        status: 'failed',
        failedStep: 'call',
        failure: { code: 'interrupted' },
        steps: { call: { attempts: [{}, {}, { status: 'interrupted' }] } },
      });
      expect(await world.alertsOf('ops_end_deadly')).toBe(1);
    }, 30_000);

    test('whose runner gets SIGTERM is answered 503 in JSON, and goes on within two seconds', async () => {
      await world.seed(world.calling('ops_end_term'));
      const called = Promise.withResolvers<void>();
      world.onCall = () => (called.resolve(), new Promise(() => undefined));
      const standby = await world.start();
      const first = world.delivered('ops_end_term');
      await called.promise;
      const beganMs = performance.now();
      const ended = world.runner.terminate();
      const answer = await first;
      let wentOnMs = Infinity;
      world.onCall = async () => {
        wentOnMs = performance.now() - beganMs;
        return '{"done":true}';
      };
      world.runner = standby;

      const next = await world.delivered('ops_end_term');

      expect([answer.httpStatus, answer.body]).toMatchObject([503, { success: false, status: 'unavailable' }]);
      expect(next.httpStatus).toBe(200);
      expect(wentOnMs).toBeLessThan(2_000);
      expect(await ended).toBe(0);
      expect(await world.recorded('ops_end_term')).toMatchObject({
        status: 'succeeded',
        steps: { call: { attempts: [{ status: 'interrupted' }, { status: 'succeeded' }] } },
      });
    }, 30_000);
  });
}
