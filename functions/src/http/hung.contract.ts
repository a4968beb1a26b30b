import type { StepRecord } from '#engine/record/step-schema.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { Execution } from '#engine/record/execution.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { deliver, type DeliveryAnswer } from '#testing/runner/deliver.ts';
import { HUNG, HUNG_DATABASE, HUNG_DEADLINE_MS, hungVariables, seedHung } from '#testing/runner/hung-playbooks.ts';
import { startRawServer, type LocalServer } from '#testing/servers/local-server.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';

const SECRET = 'known-to-this-test-only';
/** So long after its deadline a record has ended, whatever hangs. */
const END_GRACE_MS = 5_000;
/** Messages that nobody takes are given up after this long. */
const ALERT_GRACE_MS = 30_000;
const LEASE_MS = 5_000;

/** A database that a test can cut off from its runner. */
export interface HangingDatabase extends RunnerDatabase {
  /** From now on nothing comes back to the runner, on the connections that it has; whether new ones work is said. */
  hang(): Promise<void>;
  /** All is well again. */
  recover(): Promise<void>;
  readonly newConnectionsWork: boolean;
}

/** Whatever a playbook may wait for never answers; the built function on any database. */
export function describeHung(openDatabase: () => Promise<HangingDatabase>): void {
  describe('an execution that waits at its deadline', () => {
    const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    let functions: BuiltFunctions;
    let database: HangingDatabase;
    let silence: LocalServer;
    let runner: RunnerProcess;
    let onCall: () => void = () => undefined;

    const delivered = (playbookId: string): Promise<DeliveryAnswer> =>
      deliver({ url: runner.url, secret: SECRET, playbookId, slot, timeoutMs: 60_000 });
    const recorded = (playbookId: string): Promise<Execution | undefined> =>
      loadExecution(database.documents, slotExecutionId(playbookId, slot));

    async function dashboardAlerts(playbookId: string): Promise<number> {
      const where = [
        { field: 'playbookId', op: '==', value: playbookId } as const,
        { field: 'stepPath', op: '==', value: '$alert' } as const,
        { field: 'channel', op: '==', value: 'dashboard' } as const,
      ];
      return (await database.documents.aggregate({ collection: 'playbook_notifications', where })).count;
    }

    beforeAll(async () => {
      functions = await buildFunctions();
      database = await openDatabase();
      silence = await startRawServer(() => onCall());
      await seedHung(database.documents, silence);
      runner = await startRunnerProcess({
        source: functions.source,
        env: {
          ...database.env,
          CRON_SECRET: SECRET,
          PLAYBOOK_LEASE_MS: String(LEASE_MS),
          ...hungVariables(silence),
        },
      });
    }, 60_000);

    afterAll(async () => {
      await runner.kill();
      await silence.close();
      await database.close();
      functions.remove();
    });

    test('for any of its dependencies, or whose alert nobody takes, has ended within five seconds, and people are told', async () => {
      await Promise.all(
        HUNG.map(async ({ id }) => {
          const began = performance.now();
          const answer = await delivered(id);
          expect({ id, status: answer.httpStatus }).toEqual({ id, status: 500 });
          expect(performance.now() - began).toBeLessThan(HUNG_DEADLINE_MS + ALERT_GRACE_MS + 3_000);
        }),
      );

      for (const { id } of HUNG) {
        const execution = await recorded(id);
        if (execution?.status !== 'failed') throw new Error(`${id} is ${execution?.status}`);
        const lateMs = execution.completedAt.getTime() - execution.startedAt.getTime() - HUNG_DEADLINE_MS;
        expect({ id, inTime: lateMs < END_GRACE_MS, code: execution.failure.code }).toEqual({
          id,
          inTime: true,
          code: 'deadline_exceeded',
        });
        const unended = Object.values(execution.steps).filter(({ status }: StepRecord) => status === 'running');
        expect({ id, unended }).toEqual({ id, unended: [] });
        expect({ id, alerts: await dashboardAlerts(id) }).toEqual({ id, alerts: 1 });
      }
    }, 60_000);

    test('for its database has ended within five seconds, or is answered 503 by then and ended by the next delivery', async () => {
      onCall = () => void database.hang();
      const began = performance.now();

      const answer = await delivered(HUNG_DATABASE.id);

      const lateMs = performance.now() - began - HUNG_DEADLINE_MS;
      expect(answer.httpStatus).toBe(database.newConnectionsWork ? 500 : 503);
      expect(lateMs).toBeLessThan(END_GRACE_MS + 1_000);
      onCall = () => undefined;
      await database.recover();
      // Nobody could give the lease back: it must run out before anybody goes on.
      if (!database.newConnectionsWork) await delay(LEASE_MS);
      expect((await delivered(HUNG_DATABASE.id)).httpStatus).toBe(500);
      expect(await recorded(HUNG_DATABASE.id)).toMatchObject({
        status: 'failed',
        failure: { code: 'deadline_exceeded' },
      });
      expect(await dashboardAlerts(HUNG_DATABASE.id)).toBe(1);
    }, 60_000);
  });
}
