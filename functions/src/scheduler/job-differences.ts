import type { JobField, JobRetry, JobSpec, JobTarget, SchedulerJob } from '#ports/scheduler.ts';

/** Headers that Cloud Scheduler adds; differences in them are ignored. */
const ADDED_BY_SCHEDULER = new Set(['user-agent', 'content-length', 'host']);

/** One field in which a job differs from what is wanted, in words without secrets. */
export interface JobDifference {
  readonly field: JobField;
  readonly before: string;
  readonly after: string;
}

/** All fields in which the job differs from what is wanted; a job that Cloud Scheduler gave up on also differs. */
export function differencesBetween(job: SchedulerJob, wanted: JobSpec): readonly JobDifference[] {
  const differences: JobDifference[] = [];
  const compare = (field: JobField, before: string, after: string): void => {
    if (before !== after) differences.push({ field, before, after });
  };
  compare('cron', job.cron, wanted.cron);
  compare('timeZone', job.timeZone, wanted.timeZone);
  compare('description', job.description, wanted.description);
  compare('attemptDeadlineMs', inSeconds(job.attemptDeadlineMs), inSeconds(wanted.attemptDeadlineMs));
  compare('retry', retryInWords(job.retry), retryInWords(wanted.retry));
  differences.push(...targetDifferences(job.target, wanted.target));
  if (job.state === 'update_failed' || job.state === 'disabled') {
    differences.push({ field: 'cron', before: `${job.cron} (the job is ${job.state})`, after: wanted.cron });
  }
  return differences;
}

function targetDifferences(before: JobTarget | undefined, after: JobTarget): readonly JobDifference[] {
  const difference = (was: string, becomes: string): JobDifference => ({
    field: 'target',
    before: was,
    after: becomes,
  });
  if (before === undefined) return [difference('not an HTTP call', `${after.method} ${after.url}`)];

  const differences: JobDifference[] = [];
  const [call, wantedCall] = [`${before.method} ${before.url}`, `${after.method} ${after.url}`];
  if (call !== wantedCall) differences.push(difference(call, wantedCall));
  const [signer, wantedSigner] = [oidcInWords(before), oidcInWords(after)];
  if (signer !== wantedSigner) differences.push(difference(signer, wantedSigner));
  return [...differences, ...headerDifferences(before.headers, after.headers)];
}

/** Tells which headers differ, but never their values: one of them is the secret. */
function headerDifferences(before: JobTarget['headers'], after: JobTarget['headers']): readonly JobDifference[] {
  const [had, wants] = [byLowerCase(before), byLowerCase(after)];
  const names = [...new Set([...had.keys(), ...wants.keys()])].toSorted();
  return names
    .filter((name) => had.get(name) !== wants.get(name))
    .map((name) => ({
      field: 'target',
      before: had.has(name) ? `header ${name} (not shown)` : `no header ${name}`,
      after: !wants.has(name)
        ? `no header ${name}`
        : `header ${name}${had.has(name) ? ' with another value' : ''} (not shown)`,
    }));
}

function byLowerCase(headers: JobTarget['headers']): ReadonlyMap<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return new Map(entries.filter(([name]) => !ADDED_BY_SCHEDULER.has(name)));
}

function oidcInWords({ oidc }: JobTarget): string {
  return oidc === undefined ? 'not signed' : `signed by ${oidc.serviceAccountEmail} for ${oidc.audience}`;
}

function inSeconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

function retryInWords(retry: JobRetry): string {
  const limit = retry.maxDurationMs === 0 ? '' : `, for at most ${inSeconds(retry.maxDurationMs)}`;
  return `${retry.count} times, ${inSeconds(retry.minBackoffMs)} to ${inSeconds(retry.maxBackoffMs)}, doubling ${retry.maxDoublings} times${limit}`;
}
