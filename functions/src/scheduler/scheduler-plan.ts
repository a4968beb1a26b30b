import type { Playbook } from '#language/playbook/playbook.ts';
import type { JobRetry, JobSpec, JobTarget, SchedulerJob } from '#ports/scheduler.ts';
import { differencesBetween, type JobDifference } from './job-differences.ts';

/**
 * The longest that Cloud Scheduler waits for an answer, and what we request: its default of 3 minutes cuts executions
 * short.
 */
export const ATTEMPT_DEADLINE_MS = 30 * 60_000;

/**
 * A runner that died keeps its lease for a minute. A call repeated earlier would be answered 202, which is final for
 * Cloud Scheduler; a later one takes over the execution.
 */
const RETRY: JobRetry = { count: 3, maxDurationMs: 0, minBackoffMs: 75_000, maxBackoffMs: 3_600_000, maxDoublings: 5 };

/** The address of the runner and how its callers authenticate. */
export interface RunnerAddress {
  readonly url: string;
  readonly cronSecret: string;
  /** If set, Cloud Scheduler signs its calls as this account, and the secret goes into `X-Cron-Secret`. */
  readonly oidcServiceAccount: string | undefined;
}

/** The action for one job. Every `reason` is a sentence for people. */
export type JobAction =
  | { readonly kind: 'create'; readonly job: JobSpec }
  | { readonly kind: 'update'; readonly job: JobSpec; readonly differences: readonly JobDifference[] }
  | { readonly kind: 'resume'; readonly name: string; readonly reason: string }
  | { readonly kind: 'pause'; readonly name: string; readonly reason: string }
  | { readonly kind: 'unchanged'; readonly name: string; readonly reason: string }
  /** Not ours. `blocks` is the playbook that has no job because this one has its name. */
  | { readonly kind: 'foreign'; readonly name: string; readonly reason: string; readonly blocks: string | undefined };

/** The name of a playbook's job: `ops_daily_health_check` → `ops-daily-health-check`. */
export function jobNameOf(playbookId: string): string {
  return playbookId.replaceAll('_', '-');
}

/** Marks a job as ours, in its description. */
function markerOf(playbookId: string): string {
  return `playbook-runner:${playbookId}`;
}

/**
 * The actions that bring the scheduler's jobs in line with the playbooks. A job is ours if it has the name of a
 * playbook's job and that playbook's marker in its description; every other job is `foreign` and left unchanged.
 * Nothing is ever deleted: the job of a playbook that is disabled, has lost its schedule, or is gone, is paused. A job
 * that must both change and resume is changed first.
 */
export function planJobs(
  playbooks: readonly Playbook[],
  existing: readonly SchedulerJob[],
  runner: RunnerAddress,
): readonly JobAction[] {
  const byName = new Map(existing.map((job) => [job.name, job]));
  const names = new Set(playbooks.map(({ id }) => jobNameOf(id)));
  return [
    ...playbooks.flatMap((playbook) => actionsFor(playbook, byName.get(jobNameOf(playbook.id)), runner)),
    ...existing.filter(({ name }) => !names.has(name)).map(actionForStranger),
  ];
}

/** The intended job of a playbook; undefined without a schedule. */
export function jobFor(playbook: Playbook, runner: RunnerAddress): JobSpec | undefined {
  if (playbook.schedule === undefined) return undefined;
  return {
    name: jobNameOf(playbook.id),
    // Fits into Cloud Scheduler's 500 characters: a name has at most 200, an id 64.
    description: `${playbook.name} (${markerOf(playbook.id)})`,
    cron: playbook.schedule.cron,
    timeZone: playbook.schedule.timeZone,
    target: targetFor(playbook.id, runner),
    attemptDeadlineMs: ATTEMPT_DEADLINE_MS,
    retry: RETRY,
  };
}

/** How the runner is called for a playbook. */
export function targetFor(playbookId: string, { url, cronSecret, oidcServiceAccount }: RunnerAddress): JobTarget {
  const address = new URL(url);
  address.searchParams.set('playbookId', playbookId);
  const common = { method: 'POST', url: address.href };
  if (oidcServiceAccount === undefined) {
    return { ...common, headers: { Authorization: `Bearer ${cronSecret}` }, oidc: undefined };
  }
  // Cloud Scheduler overwrites Authorization with its own token.
  const oidc = { serviceAccountEmail: oidcServiceAccount, audience: url };
  return { ...common, headers: { 'X-Cron-Secret': cronSecret }, oidc };
}

function actionsFor(playbook: Playbook, job: SchedulerJob | undefined, runner: RunnerAddress): readonly JobAction[] {
  const wanted = playbook.enabled ? jobFor(playbook, runner) : undefined;
  if (job === undefined) return wanted === undefined ? [] : [{ kind: 'create', job: wanted }];
  if (!isOurs(job)) return [takenName(playbook, job, wanted)];
  if (wanted === undefined) {
    return [pauseOf(job, playbook.enabled ? 'The playbook no longer has a schedule.' : 'The playbook is disabled.')];
  }

  const differences = differencesBetween(job, wanted);
  const actions: JobAction[] = [];
  if (differences.length > 0) actions.push({ kind: 'update', job: wanted, differences });
  if (job.state === 'paused') {
    actions.push({ kind: 'resume', name: job.name, reason: 'The playbook is enabled, the job was paused.' });
  }
  return actions.length > 0 ? actions : [{ kind: 'unchanged', name: job.name, reason: 'It is up to date.' }];
}

function takenName(playbook: Playbook, job: SchedulerJob, wanted: JobSpec | undefined): JobAction {
  const reason =
    `It has the name of the job of ${playbook.id} but was not created by this script. To hand it over, add ` +
    `${markerOf(playbook.id)} to its description; otherwise rename the playbook.`;
  return { kind: 'foreign', name: job.name, reason, blocks: wanted === undefined ? undefined : playbook.id };
}

function actionForStranger(job: SchedulerJob): JobAction {
  if (isOurs(job)) return pauseOf(job, 'Its playbook file no longer exists.');
  return { kind: 'foreign', name: job.name, reason: 'It was not created by this script.', blocks: undefined };
}

function pauseOf(job: SchedulerJob, reason: string): JobAction {
  // Cloud Scheduler can pause only enabled jobs; jobs in other states make no calls.
  if (job.state === 'enabled') return { kind: 'pause', name: job.name, reason };
  return { kind: 'unchanged', name: job.name, reason: `It is already ${job.state}: ${reason}` };
}

function isOurs(job: SchedulerJob): boolean {
  const marked = /(?:^|[\s(])playbook-runner:([a-z][a-z0-9_]*)/.exec(job.description)?.[1];
  return marked !== undefined && jobNameOf(marked) === job.name;
}
