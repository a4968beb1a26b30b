import type { CloudSchedulerClient } from '@google-cloud/scheduler';
import type { JobField, JobSpec, SchedulerJob, SchedulerJobs } from '#ports/scheduler.ts';
import { NOT_FOUND, googleCodeOf, googleFailure } from '../google-failure.ts';
import { fromGoogle, toGoogle } from './job-format.ts';
import { googleCall, googleClient, googleClientOptions } from '../google-client.ts';
import type { LocalService } from '../google-client.ts';

const CALL_TIMEOUT_MS = 20_000;

const MASK: Readonly<Record<JobField, string>> = {
  description: 'description',
  cron: 'schedule',
  timeZone: 'time_zone',
  target: 'http_target',
  attemptDeadlineMs: 'attempt_deadline',
  retry: 'retry_config',
};

/** Which jobs, and where the service is when it is not Google's own: a local server that speaks its REST API. */
export interface CloudSchedulerOptions {
  readonly projectId: string;
  readonly location: string;
  readonly local?: LocalService;
  /** Our limit for one call; 20 s unless said otherwise. */
  readonly timeoutMs?: number;
}

/** Cloud Scheduler's jobs of one project and location, with the machine's own Google credentials. */
export function cloudScheduler(options: CloudSchedulerOptions): SchedulerJobs {
  const { projectId, location, local, timeoutMs = CALL_TIMEOUT_MS } = options;
  const parent = `projects/${projectId}/locations/${location}`;
  const nameOf = (name: string): string => `${parent}/jobs/${name}`;
  const client = googleClient('Cloud Scheduler', timeoutMs, () => openClient(projectId, local));
  const limit = (): ReturnType<typeof googleCall> => googleCall(timeoutMs);

  return {
    async list() {
      return explained(`Listing the jobs of ${parent}`, async () => {
        // The client follows the pages by itself.
        const [jobs] = await client.call((sdk) => sdk.listJobs({ parent }, limit()));
        return jobs.map(fromGoogle);
      });
    },
    async get(name) {
      return explained(`Reading the job ${name}`, async () => {
        try {
          const [job] = await client.call((sdk) => sdk.getJob({ name: nameOf(name) }, limit()));
          return fromGoogle(job);
        } catch (thrown) {
          if (googleCodeOf(thrown) === NOT_FOUND) return undefined;
          throw thrown;
        }
      });
    },
    async create(spec) {
      return explained(`Creating the job ${spec.name}`, async () => {
        const [job] = await client.call((sdk) =>
          sdk.createJob({ parent, job: toGoogle(spec, nameOf(spec.name)) }, limit()),
        );
        return fromGoogle(job);
      });
    },
    async update(spec: JobSpec, fields: readonly JobField[]) {
      return explained(`Updating the job ${spec.name}`, async () => {
        const updateMask = { paths: [...new Set(fields)].map((field) => MASK[field]) };
        const [job] = await client.call((sdk) =>
          sdk.updateJob({ job: toGoogle(spec, nameOf(spec.name)), updateMask }, limit()),
        );
        return fromGoogle(job);
      });
    },
    async pause(name) {
      return explained(`Pausing the job ${name}`, async (): Promise<SchedulerJob> => {
        const [job] = await client.call((sdk) => sdk.pauseJob({ name: nameOf(name) }, limit()));
        return fromGoogle(job);
      });
    },
    async resume(name) {
      return explained(`Resuming the job ${name}`, async (): Promise<SchedulerJob> => {
        const [job] = await client.call((sdk) => sdk.resumeJob({ name: nameOf(name) }, limit()));
        return fromGoogle(job);
      });
    },
    close: () => client.close(),
  };
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
