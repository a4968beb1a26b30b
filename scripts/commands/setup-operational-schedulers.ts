import { cloudScheduler } from '#adapters/cloud-scheduler/jobs.ts';
import { planJobs, type JobAction } from '#scheduler/scheduler-plan.ts';
import type { SchedulerJobs } from '#ports/scheduler.ts';
import { runCommand, type Arguments, type ExitCode } from '../terminal/command-line.ts';
import { googleService, projectIdOf } from '../cloud/google-project.ts';
import { loadProject } from '../project/load-project.ts';
import { runnerAddress } from '../cloud/runner-address.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { aligned, counted } from '../terminal/text-layout.ts';

const command = {
  name: 'npm run schedulers --',
  summary:
    'Makes the jobs in Cloud Scheduler match the playbooks: shows a plan, asks, then creates, updates, pauses and resumes.\n' +
    'A job that this command did not create is never touched, and no job is ever deleted.',
  options: {
    project: { value: 'ID', help: 'The Google Cloud project, or an alias from .firebaserc.' },
    location: { value: 'REGION', help: 'The region of the jobs. Default: us-central1.' },
    url: {
      value: 'URL',
      help: 'The address of the runner. Default: PLAYBOOK_RUNNER_URL, else the function playbookRunner there.',
    },
    playbooks: { value: 'DIR', help: 'Reads the playbooks from this directory instead of playbooks/.' },
    'oidc-service-account': { value: 'EMAIL', help: 'The account as which Cloud Scheduler signs its calls.' },
    'dry-run': { help: 'Shows the plan, and changes nothing.' },
    yes: { help: 'Does not ask for confirmation. Required if there is no terminal.' },
    json: { help: 'Prints one JSON object instead of text.' },
  },
  notes: [
    'The secret is read from CRON_SECRET in the environment, else from Secret Manager. It is never printed.',
    'Exit codes: 0 the jobs match the playbooks, or --dry-run has shown what would be changed; 1 they do not match; 2 called incorrectly.',
    'With CLOUD_SCHEDULER_EMULATOR_HOST=host:port a local server stands in for Cloud Scheduler.',
  ],
} as const;

type Given = Arguments<keyof typeof command.options>;

/** The command: resolves to its exit code. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const project = await loadProject(terminal, given.text('playbooks'));
    if (project === undefined) return 1;

    const projectId = await projectIdOf(given.text('project'), terminal);
    const location = given.text('location') ?? 'us-central1';
    const runner = await runnerAddress(terminal, {
      projectId,
      location,
      url: given.text('url'),
      oidcServiceAccount: given.text('oidc-service-account'),
    });
    const local = await googleService('CLOUD_SCHEDULER_EMULATOR_HOST', terminal.env);
    const scheduler = cloudScheduler({ projectId, location, ...local });
    try {
      const playbooks = project.playbooks.map(({ playbook }) => playbook);
      const plan = planJobs(playbooks, await scheduler.list(), runner);
      return await carryOut(plan, scheduler, given, terminal);
    } finally {
      await scheduler.close();
    }
  });
}

async function carryOut(
  plan: readonly JobAction[],
  scheduler: SchedulerJobs,
  given: Given,
  terminal: Terminal,
): Promise<ExitCode> {
  const json = given.flag('json');
  const changes = plan.filter(({ kind }) => kind !== 'unchanged' && kind !== 'foreign');
  const blocked = plan.some((action) => action.kind === 'foreign' && action.blocks !== undefined);
  if (!json) printPlan(plan, terminal);

  const apply = changes.length > 0 && !given.flag('dry-run') && (await agreed(changes.length, given, terminal));
  if (apply) {
    for (const action of changes) {
      await perform(action, scheduler);
      if (!json) terminal.out(`${terminal.paint('green', '✓')} ${nameOf(action)}: ${DONE[action.kind]}`);
    }
  }
  if (json) terminal.out(JSON.stringify({ applied: apply, actions: plan.map(shownAction) }, null, 2));
  else if (changes.length > 0 && !apply) terminal.out('Nothing was changed.');
  const pending = changes.length > 0 && !apply && !given.flag('dry-run');
  return blocked || pending ? 1 : 0;
}

async function agreed(count: number, given: Given, terminal: Terminal): Promise<boolean> {
  if (given.flag('yes')) return true;
  if (terminal.interactive && !given.flag('json')) return terminal.confirm(`Make ${counted(count, 'change')}?`);
  terminal.error(
    'There is no terminal for confirming this. Pass --yes to make the changes, or --dry-run to only show them.',
  );
  return false;
}

async function perform(action: JobAction, scheduler: SchedulerJobs): Promise<void> {
  switch (action.kind) {
    case 'create':
      await scheduler.create(action.job);
      return;
    case 'update':
      await scheduler.update(
        action.job,
        action.differences.map(({ field }) => field),
      );
      return;
    case 'pause':
      await scheduler.pause(action.name);
      return;
    case 'resume':
      await scheduler.resume(action.name);
      return;
    case 'unchanged':
    case 'foreign':
      return;
  }
}

const DONE: Readonly<Record<JobAction['kind'], string>> = {
  create: 'created',
  update: 'updated',
  pause: 'paused',
  resume: 'resumed',
  unchanged: 'unchanged',
  foreign: 'left alone',
};

function printPlan(plan: readonly JobAction[], terminal: Terminal): void {
  const shown = plan.filter((action) => action.kind !== 'foreign' || action.blocks !== undefined);
  const rows = shown.flatMap((action) => rowsFor(action, terminal));
  if (rows.length > 0) terminal.out(aligned(rows, '', terminal.columns()));
  const others = plan.length - shown.length;
  if (others > 0) terminal.out(`${counted(others, 'other job')} not created by this command: left alone.`);
  if (shown.every(({ kind }) => kind === 'unchanged')) terminal.out('The jobs match the playbooks. Nothing to do.');
}

function rowsFor(action: JobAction, terminal: Terminal): readonly (readonly string[])[] {
  const name = nameOf(action);
  switch (action.kind) {
    case 'create':
      return [[terminal.paint('green', 'create'), name, `${action.job.cron} (${action.job.timeZone})`]];
    case 'update':
      return action.differences.map(({ before, after }, index) => [
        index === 0 ? terminal.paint('yellow', 'update') : '',
        index === 0 ? name : '',
        `${before} → ${after}`,
      ]);
    case 'foreign':
      return [[terminal.paint('red', 'taken'), name, action.reason]];
    case 'pause':
    case 'resume':
    case 'unchanged':
      return [[terminal.paint(action.kind === 'unchanged' ? 'gray' : 'yellow', action.kind), name, action.reason]];
  }
}

/** An action without the headers of its job: one of them is the secret. */
function shownAction(action: JobAction): object {
  if (action.kind !== 'create' && action.kind !== 'update') return action;
  const { target, ...job } = action.job;
  const shown = {
    ...job,
    url: target.url,
    method: target.method,
    headers: Object.keys(target.headers),
    oidc: target.oidc,
  };
  return { ...action, name: job.name, job: shown };
}

function nameOf(action: JobAction): string {
  return action.kind === 'create' || action.kind === 'update' ? action.job.name : action.name;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
