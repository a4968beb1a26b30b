import { createApp, type App } from '#functions/app.ts';
import { readConfig, type Environment } from '#functions/config.ts';
import type { Definitions } from '#language/source/load-directory.ts';
import { DAY_MS } from '#core/duration.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { deliverPast } from './deliver-past.ts';
import { historyScript } from './history-script.ts';
import type { HistoryOptions, HistorySummary } from './history.ts';
import { HISTORY_SECRET } from './past-delivery.ts';
import { startIntegrationsServer } from '../servers/integrations-server.ts';
import { startModelServer } from '../servers/model-server.ts';
import { rewindHealth } from './rewound-health.ts';
import { seedCompany, seedPastCompany } from '../company/seed-company.ts';
import { simulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { troubledWorld } from './troubled-world.ts';

/**
 * Runs the playbooks over past days of the demo company, on the real engine: each slot is delivered as Cloud Scheduler
 * would have delivered it, to executions labelled `simulated: history`; integrations fail as scripted, and people
 * decide. Slots that have a record are left alone. At the end, the company, the settings and the switches are those of
 * `now`. Throws `rejected` if the database contains other users, `internal` if a delivery gets an unexpected answer,
 * and what the database throws.
 */
export async function runHistory(options: HistoryOptions): Promise<HistorySummary> {
  const { definitions, now, days } = options;
  const clock = simulatedClock();
  const troubled = troubledWorld();
  const model = await startModelServer();
  const integrations = definitions.integrations ?? { integrations: [] };
  const server = await startIntegrationsServer(integrations, { behaviourOf: troubled.behaviourOf, port: 0 });
  try {
    const env = troubled.environment({
      ...options.database,
      CRON_SECRET: HISTORY_SECRET,
      PLAYBOOK_DEMO_URL: server.url,
      HTTP_ALLOW_PRIVATE: server.hostPort,
      ANTHROPIC_API_KEY: 'of-the-stand-in',
      ANTHROPIC_BASE_URL: model.url,
    });
    return await onApp(env, clock, (app) => {
      const script = historyScript(now, days);
      const from = new Date(now.getTime() - days * DAY_MS);
      return inThePast(app, definitions, from, () => deliverPast({ ...options, app, clock, from, script, troubled }));
    });
  } finally {
    await Promise.all([server.close(), model.close()]);
  }
}

/** The product unchanged, except for its clock, the label of its executions, and its logs, which are dropped. */
async function onApp<Result>(
  env: Environment,
  clock: SimulatedClock,
  action: (app: App) => Promise<Result>,
): Promise<Result> {
  const app = await createApp(readConfig(env), env, {
    clock,
    labels: { simulated: 'history' },
    write: () => undefined,
  });
  try {
    return await action(app);
  } finally {
    await app.close();
  }
}

/** Whatever happens in between, the database is that of the present afterwards. */
async function inThePast<Result>(
  { documents }: App,
  definitions: Definitions,
  from: Date,
  action: () => Promise<Result>,
): Promise<Result> {
  await seedPastCompany(documents, from);
  await seedSettings(documents, definitions, from);
  await applySeed(documents, definitions.playbooks, from);
  const returnHealth = await rewindHealth(documents, from);
  try {
    return await action();
  } finally {
    await returnHealth();
    await seedSettings(documents, definitions, new Date());
    await seedCompany(documents, new Date());
  }
}
