import { ensureBuilt } from '../../../scripts/building/ensure-built.ts';
import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { seedProject, startBuiltConsole, startBuiltFunction, type ProcessEnv } from './built-product.ts';
import type { WireWorld } from './exchange.ts';
import { KEYS, PROJECT_ID, startWireServers } from './servers.ts';

/**
 * The built function, twice, and the built console, on one SQLite file, with a local server for each service that they use.
 * `surroundings` are additional environment variables of every process.
 */
export async function openWireWorld(surroundings: ProcessEnv = {}): Promise<WireWorld & { close(): Promise<void> }> {
  await ensureBuilt();
  const servers = await startWireServers();
  const database = sqliteFile();
  await seedProject(database);
  const common = { ...surroundings, ...database.env, ...servers.env };
  const [runner, guardedRunner, console] = await Promise.all([
    startBuiltFunction({ ...common, ...KEYS, SLACK_WEBHOOK_URL: servers.slack.webhookUrl }),
    startBuiltFunction({
      ...common,
      GOOGLE_CLOUD_PROJECT: PROJECT_ID,
      SECRET_MANAGER_EMULATOR_HOST: new URL(servers.secretManager.url).host,
    }),
    startBuiltConsole({
      ...surroundings,
      ...database.env,
      GOOGLE_CLOUD_PROJECT: PROJECT_ID,
      FIREBASE_AUTH_EMULATOR_HOST: new URL(servers.accounts.url).host,
    }),
  ]);
  return {
    servers,
    surroundings,
    database,
    runner,
    guardedRunner,
    consoleUrl: console.url,
    async close() {
      await Promise.all([runner.kill(), guardedRunner.kill(), console.stop()]);
      await Promise.all([servers.close(), database.close()]);
    },
  };
}
