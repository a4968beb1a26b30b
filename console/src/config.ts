import { readConfig, type Config, type Environment } from '#functions/config.ts';
import { PlaybookError } from '#core/failure.ts';
import { readAccessConfig, type AccessConfig } from './access/access-config.ts';
import type { RunnerAddress } from './runner-client.ts';

/** The settings of the console's process, read from its environment once. */
export interface ConsoleConfig {
  /** Database, project and what else it shares with the functions. */
  readonly shared: Config;
  readonly access: AccessConfig;
  readonly host: string;
  readonly port: number;
  /** Undefined: playbooks cannot be run from here. */
  readonly runner: RunnerAddress | undefined;
}

const DEFAULT_PORT = 8080;

/** The configuration that `env` describes. Throws `unconfigured` with what is wrong, by the names of the variables. */
export function readConsoleConfig(env: Environment): ConsoleConfig {
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;
  const shared = readConfig(env, { callers: false });
  const host = read('CONSOLE_HOST') ?? '0.0.0.0';
  const port = Number(read('PORT') ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PlaybookError('unconfigured', `PORT is "${read('PORT')}"; write a whole number from 1 to 65535.`);
  }
  const access = readAccessConfig(env, { host, database: shared.database });
  return { shared, access, host, port, runner: runnerOf(read('PLAYBOOK_RUNNER_URL'), read('CRON_SECRET')) };
}

function runnerOf(url: string | undefined, cronSecret: string | undefined): RunnerAddress | undefined {
  if (url === undefined || cronSecret === undefined) return undefined;
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return { url, cronSecret };
  throw new PlaybookError(
    'unconfigured',
    `PLAYBOOK_RUNNER_URL is "${url}"; write the address of the function playbookRunner.`,
  );
}
