import { secretManagerVersions } from '#adapters/secret-manager/secret-versions.ts';
import { applyCronSecret, planCronSecrets, type CronSecretStep } from '../cloud/cron-secret.ts';
import { runCommand, type ExitCode } from '../terminal/command-line.ts';
import { googleService, projectIdOf } from '../cloud/google-project.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';

const command = {
  name: 'npm run secrets --',
  summary: 'Creates the secret that Cloud Scheduler sends to the runner, in Secret Manager, or replaces it.',
  options: {
    project: { value: 'ID', help: 'The Google Cloud project, or an alias from .firebaserc.' },
    rotate: { help: 'Replaces CRON_SECRET; the value in use stays valid as CRON_SECRET_PREVIOUS.' },
    'dry-run': { help: 'Shows what would be done, and changes nothing.' },
  },
  notes: [
    'Values are never printed. After a rotation, deploy, then update the jobs; do not rotate again before that.',
    'With SECRET_MANAGER_EMULATOR_HOST=host:port a local server stands in for Secret Manager.',
  ],
} as const;

/** The command: resolves to its exit code. Creates missing secrets; replaces existing ones only with `--rotate`. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const projectId = await projectIdOf(given.text('project'), terminal);
    const secrets = secretManagerVersions({
      projectId,
      ...(await googleService('SECRET_MANAGER_EMULATOR_HOST', terminal.env)),
    });
    try {
      const steps = await planCronSecrets(secrets, given.flag('rotate'));
      if (steps.length === 0) {
        terminal.out(`CRON_SECRET and CRON_SECRET_PREVIOUS exist in ${projectId}. To replace them, pass --rotate.`);
        return 0;
      }
      for (const step of steps) {
        const version = given.flag('dry-run') ? undefined : await applyCronSecret(secrets, step);
        terminal.out(lineFor(step, version, terminal));
      }
      terminal.out(given.flag('dry-run') ? 'Nothing was changed (--dry-run).' : nextCommands(projectId, steps));
      return 0;
    } finally {
      await secrets.close();
    }
  });
}

function lineFor(step: CronSecretStep, version: string | undefined, terminal: Terminal): string {
  if (version === undefined) return `  ${step.name}: would get a version (${step.reason})`;
  return `${terminal.paint('green', '✓')} ${step.name}: version ${version} (${step.reason})`;
}

function nextCommands(projectId: string, steps: readonly CronSecretStep[]): string {
  const rotated = steps.some(({ name, value }) => name === 'CRON_SECRET_PREVIOUS' && value === 'current');
  return [
    '',
    'Now run, in this order:',
    `  npx firebase-tools deploy --only functions:playbooks --project ${projectId}   # the runner accepts the new value`,
    `  npm run schedulers -- --project ${projectId}   # the jobs send it`,
    ...(rotated
      ? ['Until then, the jobs send the previous value, which stays valid. Do not rotate again before both are done.']
      : []),
  ].join('\n');
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
