import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { Failure } from '#core/failure.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { buildFunctions } from './built-functions.ts';
import { deliver, type DeliveryAnswer } from './deliver.ts';
import { startLocalServer, type LocalServer } from '../servers/local-server.ts';
import type { RunnerDatabase } from './runner-databases.ts';
import { startRunnerProcess, type RunnerProcess } from './runner-process.ts';

/** The secret for calls of these runners. */
export const END_SECRET = 'known-to-this-test-only';
const LEASE_MS = 400;

/** Runners of the built function, one at a time, a database, and another side whose answers the test determines. */
export interface EndingWorld {
  readonly database: RunnerDatabase;
  readonly api: LocalServer;
  readonly slot: Date;
  /** The current runner. */
  runner: RunnerProcess;
  /** The other side's reaction and answer to a call. */
  onCall: (path: string) => Promise<string>;
  start(env?: Readonly<Record<string, string>>): Promise<RunnerProcess>;
  delivered(playbookId: string, slot?: Date): Promise<DeliveryAnswer>;
  recorded(playbookId: string, slot?: Date): Promise<Execution | undefined>;
  /** The number of messages from a playbook's alerts. */
  alertsOf(playbookId: string): Promise<number>;
  /** Delivers to a runner that is killed during the call, waits until its lease expires, and starts another. */
  killedDuringCall(playbookId: string): Promise<void>;
  seed(...playbooks: readonly z.input<typeof Playbook>[]): Promise<void>;
  /** A playbook with one step that calls the other side. */
  calling(id: string, rest?: Partial<z.input<typeof Playbook>>): z.input<typeof Playbook>;
  close(): Promise<void>;
}

export async function openEndingWorld(openDatabase: () => RunnerDatabase): Promise<EndingWorld> {
  const functions = await buildFunctions();
  const database = openDatabase();
  const slotNow = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const api = await startLocalServer(async ({ url }) => {
    const body = await world.onCall(url.pathname);
    return { kind: 'reply', status: 200, headers: { 'content-type': 'application/json' }, body };
  });
  await seedSettings(database.documents, { people: PEOPLE, agents: [] }, new Date());

  const start: EndingWorld['start'] = (env = {}) =>
    startRunnerProcess({
      source: functions.source,
      env: {
        ...database.env,
        CRON_SECRET: END_SECRET,
        PLAYBOOK_LEASE_MS: String(LEASE_MS),
        HTTP_ALLOW_PRIVATE: `${api.host}:${api.port}`,
        ...env,
      },
    });

  const world: EndingWorld = {
    database,
    api,
    slot: slotNow,
    runner: await start(),
    onCall: async () => '{}',
    start,
    delivered: (playbookId, slot = slotNow) => deliver({ url: world.runner.url, secret: END_SECRET, playbookId, slot }),
    ...recordsIn(database, slotNow),
    async killedDuringCall(playbookId) {
      const standby = start();
      world.onCall = async () => {
        await world.runner.kill();
        return '{}';
      };
      await world.delivered(playbookId).catch(() => undefined);
      world.onCall = async () => '{"done":true}';
      await delay(LEASE_MS + 50);
      world.runner = await standby;
    },
    calling: (id, rest = {}) => callingPlaybook(id, api.url, rest),
    async close() {
      await world.runner.kill();
      await api.close();
      await database.close();
      functions.remove();
    },
  };
  return world;
}

function recordsIn({ documents }: RunnerDatabase, slotNow: Date): Pick<EndingWorld, 'recorded' | 'alertsOf' | 'seed'> {
  return {
    recorded: (playbookId, slot = slotNow) => loadExecution(documents, slotExecutionId(playbookId, slot)),
    async alertsOf(playbookId) {
      const where = [
        { field: 'playbookId', op: '==', value: playbookId } as const,
        { field: 'stepPath', op: '==', value: '$alert' } as const,
      ];
      return (await documents.aggregate({ collection: 'playbook_notifications', where })).count;
    },
    async seed(...playbooks) {
      const files = playbooks.map((playbook) => ({ playbook: Playbook.parse(playbook), version: 'v1', source: '' }));
      await applySeed(documents, files, new Date());
    },
  };
}

function callingPlaybook(id: string, url: string, rest: Partial<z.input<typeof Playbook>>): z.input<typeof Playbook> {
  const input = { method: 'POST', url: `${url}/${id}` };
  return {
    id,
    name: id,
    deadline: '20s',
    alerts: { channels: ['dashboard'] },
    steps: [{ id: 'call', type: 'tool_call', tool: 'httpRequest', with: input }],
    ...rest,
  };
}

/** The failure of an execution; undefined if it did not fail. */
export function failureOf(execution: Execution | undefined): Failure | undefined {
  return execution?.status === 'failed' ? execution.failure : undefined;
}

const PEOPLE = {
  roles: { operator: ['operator@example.com'] },
  allowedRecipients: [],
  allowedLinkHosts: [],
  sender: { email: 'playbooks@example.com', name: 'Playbooks' },
};
