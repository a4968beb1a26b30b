import { secretManagerVersions } from '#adapters/secret-manager/secret-versions.ts';
import type { RunnerAddress } from '#scheduler/scheduler-plan.ts';
import { PlaybookError } from '#core/failure.ts';
import { googleService } from './google-project.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The runner; without a `url`, the function `playbookRunner` of the project. */
export interface RunnerChoice {
  readonly projectId: string;
  readonly location: string;
  readonly url: string | undefined;
  readonly oidcServiceAccount: string | undefined;
}

/**
 * The address of the runner and the secret to call it with: CRON_SECRET in the environment, else in Secret Manager.
 * Throws `unconfigured` if the address is not https (the secret travels with each call) or the secret is missing, and
 * what Secret Manager throws.
 */
export async function runnerAddress(terminal: Terminal, choice: RunnerChoice): Promise<RunnerAddress> {
  const { projectId, location, oidcServiceAccount } = choice;
  const standard = `https://${location}-${projectId}.cloudfunctions.net/playbookRunner`;
  const url = choice.url ?? (terminal.env['PLAYBOOK_RUNNER_URL'] || standard);
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new PlaybookError('unconfigured', `The address of the runner must be an https:// URL, not '${url}'.`);
  }
  return { url, cronSecret: await cronSecret(projectId, terminal), oidcServiceAccount };
}

async function cronSecret(projectId: string, { env }: Terminal): Promise<string> {
  const fromEnvironment = env['CRON_SECRET']?.trim();
  if (fromEnvironment) return fromEnvironment;
  const secrets = secretManagerVersions({ projectId, ...(await googleService('SECRET_MANAGER_EMULATOR_HOST', env)) });
  try {
    const value = await secrets.latest('CRON_SECRET');
    if (value !== undefined) return value;
  } finally {
    await secrets.close();
  }
  throw new PlaybookError(
    'unconfigured',
    `CRON_SECRET is missing, both in the environment and in Secret Manager of ${projectId}. Run npm run secrets first.`,
  );
}
