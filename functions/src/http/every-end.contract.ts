import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { executionIdOf } from '../engine/execution-id.ts';
import type { Execution } from '../engine/execution.ts';
import type { Failure } from '../engine/failure.ts';
import { Playbook } from '../engine/playbook.ts';
import { CONTROL_PATH } from '../records/control.ts';
import { executionStore, loadExecution } from '../records/executions.ts';
import { playbookPath } from '../records/playbooks.ts';
import { applySeed } from '../records/seed-playbooks.ts';
import { seedSettings } from '../records/seed-settings.ts';
import { aRunningExecution } from '../testing/an-execution.ts';
import { buildFunctions } from '../testing/built-functions.ts';
import type { BuiltFunctions } from '../testing/built-functions.ts';
import { deliver } from '../testing/deliver.ts';
import type { DeliveryAnswer } from '../testing/deliver.ts';
import { startLocalServer } from '../testing/local-server.ts';
import type { LocalServer } from '../testing/local-server.ts';
import type { RunnerDatabase } from '../testing/runner-databases.ts';
import { startRunnerProcess } from '../testing/runner-process.ts';
import type { RunnerProcess } from '../testing/runner-process.ts';

const SECRET = 'known-to-this-test-only';
const LEASE_MS = 400;
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
    const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    let functions: BuiltFunctions;
    let database: RunnerDatabase;
    let api: LocalServer;
    let runner: RunnerProcess;
    /** What the other side does when it is called. */
    let onCall: (path: string) => Promise<string> = async () => '{}';

    const start = (): Promise<RunnerProcess> =>
      startRunnerProcess({
        source: functions.source,
        env: {
          ...database.env,
          CRON_SECRET: SECRET,
          PLAYBOOK_LEASE_MS: String(LEASE_MS),
          HTTP_ALLOW_PRIVATE: `${api.host}:${api.port}`,
        },
      });

    const delivered = (playbookId: string, at = slot): Promise<DeliveryAnswer> =>
      deliver({ url: runner.url, secret: SECRET, playbookId, slot: at });

    const recorded = (playbookId: string, at = slot): Promise<Execution | undefined> =>
      loadExecution(database.documents, executionIdOf(playbookId, at, String));

    async function alertsOf(playbookId: string): Promise<number> {
      const where = [
        { field: 'playbookId', op: '==', value: playbookId } as const,
        { field: 'stepPath', op: '==', value: '$alert' } as const,
      ];
      return (await database.documents.aggregate({ collection: 'playbook_notifications', where })).count;
    }

    /** Delivers to a runner that is killed during the call, and starts another. */
    async function killedDuringCall(playbookId: string): Promise<void> {
      const standby = start();
      onCall = async () => {
        await runner.kill();
        return '{}';
      };
      await delivered(playbookId).catch(() => undefined);
      onCall = async () => '{"done":true}';
      await delay(LEASE_MS + 50);
      runner = await standby;
    }

    async function seed(...playbooks: z.input<typeof Playbook>[]): Promise<void> {
      const files = playbooks.map((playbook) => ({ playbook: Playbook.parse(playbook), version: 'v1', source: '' }));
      await applySeed(database.documents, files, new Date());
    }

    const calling = (id: string, rest: Partial<z.input<typeof Playbook>> = {}): z.input<typeof Playbook> => ({
      id,
      name: id,
      deadline: '20s',
      alerts: { channels: ['dashboard'] },
      steps: [
        { id: 'call', type: 'tool_call', tool: 'httpRequest', with: { method: 'POST', url: `${api.url}/${id}` } },
      ],
      ...rest,
    });

    beforeAll(async () => {
      functions = await buildFunctions();
      database = openDatabase();
      api = await startLocalServer(async ({ url }) => {
        const body = await onCall(url.pathname);
        return { kind: 'reply', status: 200, headers: { 'content-type': 'application/json' }, body };
      });
      await seedSettings(database.documents, { people: PEOPLE, agents: [] }, new Date());
      await seed(...WAYS.map(({ id, deadline = '20s' }) => calling(id, { deadline })));
      runner = await start();
    }, 60_000);

    afterAll(async () => {
      await runner.kill();
      await api.close();
      await database.close();
      functions.remove();
    });

    test.each(WAYS)(
      'whose runner was killed and for which then $way: $ends with the next delivery',
      async ({ id, meanwhile, ends, failure }) => {
        await killedDuringCall(id);
        await meanwhile?.(database);

        const answer = await delivered(id);

        const execution = await recorded(id);
        expect([answer.httpStatus, execution?.status]).toEqual([ends === 'succeeded' ? 200 : 500, ends]);
        expect(failureOf(execution)?.code).toBe(failure);
        expect(await alertsOf(id)).toBe(ends === 'failed' ? 1 : 0);
      },
      30_000,
    );

    test('whose runner was killed goes on during maintenance, too', async () => {
      await seed(calling('ops_end_maintenance'));
      await killedDuringCall('ops_end_maintenance');
      await control('maintenance')(database);

      const answer = await delivered('ops_end_maintenance');

      expect([answer.httpStatus, await recorded('ops_end_maintenance')]).toMatchObject([200, { status: 'succeeded' }]);
      await control('run')(database);
      // What it heard of the maintenance, it believes for a while.
      await runner.kill();
      runner = await start();
    }, 30_000);

    test('whose slot is more than a day old by now is ended, and people are told', async () => {
      await seed(calling('ops_end_stale'));
      const old = new Date(slot.getTime() - 25 * 60 * 60_000);
      const lease = { owner: 'gone', nonce: 'gone:0', durationMs: 1, takeovers: 0, interruptions: 0 };
      const id = executionIdOf('ops_end_stale', old, String);
      await executionStore(database.documents).create(
        aRunningExecution(old, {
          id,
          playbookId: 'ops_end_stale',
          version: 'v1',
          slot: old,
          lease,
          deadlineAt: new Date(old.getTime() + DAY_MS),
        }),
      );
      await delay(20);

      const answer = await delivered('ops_end_stale', old);

      expect([answer.httpStatus, await recorded('ops_end_stale', old)]).toMatchObject([
        500,
        { status: 'failed', failure: { code: 'deadline_exceeded' } },
      ]);
      expect(await alertsOf('ops_end_stale')).toBe(1);
    });

    test('that kills its runner at every delivery ends as failed with the last one that Cloud Scheduler makes, and people are told', async () => {
      await seed(calling('ops_end_deadly'));
      for (let death = 1; death <= 3; death += 1) await killedDuringCall('ops_end_deadly');

      const answer = await delivered('ops_end_deadly');

      expect(answer.httpStatus).toBe(500);
      expect(await recorded('ops_end_deadly')).toMatchObject({
        status: 'failed',
        failedStep: 'call',
        failure: { code: 'interrupted' },
        steps: { call: { attempts: [{}, {}, { status: 'interrupted' }] } },
      });
      expect(await alertsOf('ops_end_deadly')).toBe(1);
    }, 30_000);

    test('whose runner gets SIGTERM is answered 503 in JSON, and goes on within two seconds', async () => {
      await seed(calling('ops_end_term'));
      const called = Promise.withResolvers<void>();
      onCall = () => (called.resolve(), new Promise(() => undefined));
      const standby = await start();
      const first = delivered('ops_end_term');
      await called.promise;
      const beganMs = performance.now();
      const ended = runner.terminate();
      const answer = await first;
      let wentOnMs = Infinity;
      onCall = async () => {
        wentOnMs = performance.now() - beganMs;
        return '{"done":true}';
      };
      runner = standby;

      const next = await delivered('ops_end_term');

      expect([answer.httpStatus, answer.body]).toMatchObject([503, { success: false, status: 'unavailable' }]);
      expect(next.httpStatus).toBe(200);
      expect(wentOnMs).toBeLessThan(2_000);
      expect(await ended).toBe(0);
      expect(await recorded('ops_end_term')).toMatchObject({
        status: 'succeeded',
        steps: { call: { attempts: [{ status: 'interrupted' }, { status: 'succeeded' }] } },
      });
    }, 30_000);

    test.each(HOSTILE_BODIES)(
      'that is given %s ends, and says why where it fails',
      async (_, body) => {
        const id = `ops_end_body_${HOSTILE_BODIES.findIndex(([, other]) => other === body)}`;
        const url = `${api.url}/${id}`;
        await seed({
          id,
          name: id,
          alerts: { channels: ['dashboard'] },
          steps: [
            { id: 'get', type: 'tool_call', tool: 'httpRequest', with: { url } },
            {
              id: 'post',
              type: 'tool_call',
              tool: 'httpRequest',
              with: { method: 'POST', url, body: '${{ steps.get.output.body }}' },
            },
            {
              id: 'note',
              type: 'create_thread',
              kind: 'note',
              assignee: 'operator',
              title: 'A ${{ toJson(steps.get.output.body).substring(0, 3) }}',
              body: 'B',
            },
          ],
          criteria: [
            { id: 'text', value: 'toJson(steps.get.output.body).substring(0, 3)', ok: 'true', alert: 'false' },
          ],
        });
        onCall = async () => body;

        const answer = await delivered(id);

        const execution = await recorded(id);
        expect(execution?.status).toMatch(/^(succeeded|failed)$/);
        expect(answer.body.status).toBe(execution?.status);
        expect(failureOf(execution)?.code).not.toBe('internal');
        expect(failureOf(execution)?.message ?? 'It did not fail, so that there is nothing to say.').toMatch(/.{20}/);
        expect(await alertsOf(id)).toBe(execution?.status === 'failed' ? 1 : 0);
      },
      30_000,
    );
  });
}

function failureOf(execution: Execution | undefined): Failure | undefined {
  return execution?.status === 'failed' ? execution.failure : undefined;
}

const PEOPLE = {
  roles: { operator: ['operator@example.com'] },
  allowedRecipients: [],
  allowedLinkHosts: [],
  sender: { email: 'playbooks@example.com', name: 'Playbooks' },
};

/** Answers that some database, or some part of ours, would not take as they are. */
const HOSTILE_BODIES: readonly (readonly [string, string])[] = [
  ['a field __proto__', '{"__proto__":{"polluted":true},"a":1}'],
  ['reserved names', '{"__name__":1,"__x__":{"__y__":[1]}}'],
  ['an empty name and one of 3,000 characters', `{"":1,"${'k'.repeat(3_000)}":2}`],
  ['half of a surrogate pair', '{"a":"x\\ud83d","b":["\\udc00"]}'],
  ['half of a surrogate pair as a name', '{"\\ud83d":1}'],
  ['text that begins with half of a pair', '"\\ud83d\\ude00\\ud83d"'],
  ['45,000 names', JSON.stringify(Object.fromEntries(Array.from({ length: 45_000 }, (_, i) => [`n${i}`, i])))],
  ['5,000 levels', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['a number beyond all numbers', '{"n":1e400}'],
  ['text like a reference', '{"a":"@projects/x","b":"secret://CRON_SECRET","c":"${{ now }}"}'],
  ['lists in lists', '[[[1,[2]],[]],[[]]]'],
  ['a NUL and other controls', '{"a":"\\u0000\\u001b[31m","\\u0000":1}'],
  ['dots, slashes and backticks in names', '{"a.b/c`d":{"..":1,".":2}}'],
];
