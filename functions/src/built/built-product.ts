import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildServer } from '../../../scripts/processes/child-server.ts';
import { startConsoleServer } from '../../../scripts/local/local-servers.ts';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { FinishedExecution } from '#engine/record/execution.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { deliver } from '#testing/runner/deliver.ts';
import { freePort } from '#testing/servers/free-port.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';
import { KEYS } from './servers.ts';

/** The folder of the project, with a trailing slash. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The complete environment of a process; nothing of ours is inherited. */
export type ProcessEnv = Readonly<Record<string, string>>;

/** The built function behind the real Functions Framework. */
export function startBuiltFunction(env: ProcessEnv): Promise<RunnerProcess> {
  return startRunnerProcess({ source: `${ROOT}functions`, env: { CRON_SECRET: KEYS.CRON_SECRET, ...env } });
}

/** The built console. */
export async function startBuiltConsole(env: ProcessEnv): Promise<ChildServer> {
  const own = { PATH: process.env['PATH'], METADATA_SERVER_DETECTION: 'none', CONSOLE_HOST: '127.0.0.1' };
  return startConsoleServer({ port: await freePort(), env: { ...own, ...env } });
}

/** The output of a plain Node process, and how it ended. */
export interface ScriptResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a script of the project (`scripts/seed.ts`), or with `-e` code, in plain Node. */
export function runScript(argv: readonly string[], env: ProcessEnv): Promise<ScriptResult> {
  const options = { cwd: ROOT, env: { PATH: process.env['PATH'], METADATA_SERVER_DETECTION: 'none', ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { ...options, timeout: 20_000 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : Number.NaN;
      resolve({ exitCode, output: stdout + stderr });
    });
  });
}

/** Seeds people, agents and all other settings of the project into a database. */
export async function seedProject({ documents }: RunnerDatabase): Promise<void> {
  await seedSettings(documents, await projectDefinitions(), new Date());
}

let playbooksMade = 0;

/** Seeds a playbook of these steps, delivers it as Cloud Scheduler does, and reads its record. */
export async function runSteps(
  { documents }: RunnerDatabase,
  runner: RunnerProcess,
  steps: readonly object[],
): Promise<FinishedExecution> {
  playbooksMade += 1;
  const playbookId = `ops_wire_${playbooksMade}`;
  const playbook = Playbook.parse({ id: playbookId, name: 'On the wire', steps });
  await applySeed(documents, [{ playbook, version: `v${playbooksMade}`, source: '' }], new Date());
  const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const { body } = await deliver({ url: runner.url, secret: KEYS.CRON_SECRET, playbookId, slot });
  const record = await loadExecution(documents, slotExecutionId(playbookId, slot));
  if (record?.status === 'succeeded' || record?.status === 'failed') return record;
  throw new Error(`The execution has not ended: ${JSON.stringify(body)}\n${runner.output()}`);
}
