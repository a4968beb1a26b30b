import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createApp, type App } from '#functions/app.ts';
import { readConfig } from '#functions/config.ts';
import type { Definitions } from '#language/source/load-directory.ts';
import type { Execution } from '#engine/record/execution.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { firstSlots } from './first-slots.ts';
import { startIntegrationsServer, type IntegrationsServer } from '../servers/integrations-server.ts';
import { seedCompany } from '../company/seed-company.ts';

const SECRET = 'only-for-tests';

/** The project's playbooks in the whole product, on the demo company: databases in memory, time set by the test. */
export interface DemoWorld {
  readonly definitions: Definitions;
  /** Remembers what was switched off. */
  readonly dataDirectory: string;
  /** The product as of an instant at which time stands still, seeded; `settings` leaves out or changes some. */
  at(now: string, settings?: Partial<Definitions>): Promise<DemoApp>;
  close(): Promise<void>;
}

/** The product as of one instant. */
export interface DemoApp {
  readonly app: App;
  readonly clock: FakeClock;
  /** Delivers the slot that a start at this instant would deliver; resolves to the record. */
  deliver(playbookId: string): Promise<Execution>;
}

/** Loads the definitions and starts the integrations of the demo company. */
export async function demoWorld(): Promise<DemoWorld> {
  const definitions = await projectDefinitions();
  const dataDirectory = mkdtempSync(join(tmpdir(), 'playbooks-demo-'));
  const integrations = definitions.integrations ?? { integrations: [] };
  const server = await startIntegrationsServer(integrations, { dataDirectory, port: 0 });
  const env = environmentOf(server);
  const apps: App[] = [];
  return {
    definitions,
    dataDirectory,
    async at(now, settings = {}) {
      const clock = fakeClock(now);
      const app = await createApp(readConfig(env), env, { clock, write: () => undefined });
      apps.push(app);
      await seed(app, { ...definitions, ...settings }, clock.now());
      return { app, clock, deliver: (playbookId) => deliver(app, definitions, playbookId) };
    },
    async close() {
      for (const app of apps) await app.close();
      await server.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

function environmentOf({ url, hostPort }: IntegrationsServer) {
  return {
    PLAYBOOK_DATABASE: 'sqlite::memory:',
    PLAYBOOK_DEMO_URL: url,
    HTTP_ALLOW_PRIVATE: hostPort,
    CRON_SECRET: SECRET,
  };
}

async function seed({ documents }: App, definitions: Definitions, now: Date): Promise<void> {
  await seedCompany(documents, now);
  await seedSettings(documents, definitions, now);
  await applySeed(documents, definitions.playbooks, now);
}

async function deliver(app: App, { playbooks }: Definitions, playbookId: string): Promise<Execution> {
  const schedule = playbooks.find(({ playbook }) => playbook.id === playbookId)?.playbook.schedule;
  const slot = schedule && firstSlots(schedule, app.clock.now())[0];
  const reply = await app.deliver({
    method: 'POST',
    query: new URLSearchParams({ playbookId }),
    headers: {
      authorization: [`Bearer ${SECRET}`],
      'x-cloudscheduler-scheduletime': slot === undefined ? undefined : [slot.toISOString()],
    },
    body: async () => new Uint8Array(),
  });
  const { executionId } = z.object({ executionId: z.string() }).parse(reply.body);
  const execution = await loadExecution(app.documents, executionId);
  if (execution === undefined) throw new Error(`No record ${executionId}.`);
  return execution;
}

/** The output of the last attempt of a step; undefined unless it succeeded. */
export function outputOf(execution: Execution, path: string): unknown {
  const last = execution.steps[path]?.attempts.at(-1);
  return last?.status === 'succeeded' ? last.output : undefined;
}

/** The criteria by id: measured value and band. */
export function criteriaOf(execution: Execution): Readonly<Record<string, readonly [unknown, string]>> {
  const results = 'criteria' in execution ? execution.criteria : [];
  return Object.fromEntries(results.map(({ id, value, band }) => [id, [value, band] as const]));
}
