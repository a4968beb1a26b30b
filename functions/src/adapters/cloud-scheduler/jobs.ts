import type { CloudSchedulerClient } from '@google-cloud/scheduler';
import type { JobField, SchedulerJob, SchedulerJobs } from '#ports/scheduler.ts';
import { NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import { fromGoogle, toGoogle } from './job-format.ts';
import { googleCall, googleClient, googleClientOptions, type LocalService } from '../google-client.ts';
import type { ReplaceableClient } from '../replaceable-client.ts';

const CALL_TIMEOUT_MS = 20_000;

const MASK: Readonly<Record<JobField, string>> = {
  description: 'description',
  cron: 'schedule',
  timeZone: 'time_zone',
  target: 'http_target',
  attemptDeadlineMs: 'attempt_deadline',
  retry: 'retry_config',
};

/** The project and location, and optionally a local server that speaks the REST API in place of Google's. */
export interface CloudSchedulerOptions {
  readonly projectId: string;
  readonly location: string;
  readonly local?: LocalService;
  /** Our limit for one call; 20 s by default. */
  readonly timeoutMs?: number;
}

/** Cloud Scheduler's jobs of one project and location, with the machine's own Google credentials. */
export function cloudScheduler(options: CloudSchedulerOptions): SchedulerJobs {
  const { projectId, location, local, timeoutMs = CALL_TIMEOUT_MS } = options;
  const parent = `projects/${projectId}/locations/${location}`;
  const nameOf = (name: string): string => `${parent}/jobs/${name}`;
  const client = googleClient('Cloud Scheduler', timeoutMs, () => openClient(projectId, local));
  const limit = (): CallLimit => googleCall(timeoutMs);
  return {
    list: () => listJobs(client, parent, limit()),
    get: (name) => getJob(client, { name, resource: nameOf(name) }, limit()),
    create: (spec) =>
      changeJob(client, `Creating the job ${spec.name}`, (sdk) =>
        sdk.createJob({ parent, job: toGoogle(spec, nameOf(spec.name)) }, limit()),
      ),
    update: (spec, fields) =>
      changeJob(client, `Updating the job ${spec.name}`, (sdk) =>
        sdk.updateJob({ job: toGoogle(spec, nameOf(spec.name)), updateMask: maskOf(fields) }, limit()),
      ),
    pause: (name) =>
      changeJob(client, `Pausing the job ${name}`, (sdk) => sdk.pauseJob({ name: nameOf(name) }, limit())),
    resume: (name) =>
      changeJob(client, `Resuming the job ${name}`, (sdk) => sdk.resumeJob({ name: nameOf(name) }, limit())),
    close: () => client.close(),
  };
}

type Client = ReplaceableClient<CloudSchedulerClient>;
type CallLimit = ReturnType<typeof googleCall>;
type GoogleJob = Parameters<typeof fromGoogle>[0];

function listJobs(client: Client, parent: string, limit: CallLimit): Promise<readonly SchedulerJob[]> {
  return explained(`Listing the jobs of ${parent}`, async () => {
    // The client follows pages automatically.
    const [jobs] = await client.call((sdk) => sdk.listJobs({ parent }, limit));
    return jobs.map(fromGoogle);
  });
}

function getJob(
  client: Client,
  { name, resource }: { readonly name: string; readonly resource: string },
  limit: CallLimit,
): Promise<SchedulerJob | undefined> {
  return explained(`Reading the job ${name}`, async () => {
    try {
      const [job] = await client.call((sdk) => sdk.getJob({ name: resource }, limit));
      return fromGoogle(job);
    } catch (thrown) {
      if (googleCodeOf(thrown) === NOT_FOUND) return undefined;
      throw thrown;
    }
  });
}

/** Resolves to the changed job. */
function changeJob(
  client: Client,
  attempted: string,
  request: (sdk: CloudSchedulerClient) => Promise<readonly [GoogleJob, ...unknown[]]>,
): Promise<SchedulerJob> {
  return explained(attempted, async () => {
    const [job] = await client.call(request);
    return fromGoogle(job);
  });
}

function maskOf(fields: readonly JobField[]): { readonly paths: string[] } {
  return { paths: [...new Set(fields)].map((field) => MASK[field]) };
}

async function openClient(projectId: string, local: LocalService | undefined): Promise<CloudSchedulerClient> {
  const { CloudSchedulerClient } = await import('@google-cloud/scheduler');
  return new CloudSchedulerClient(googleClientOptions(projectId, local));
}

async function explained<Value>(attempted: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (thrown) {
    throw googleFailure(thrown, attempted);
  }
}
