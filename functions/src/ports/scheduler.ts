/** What a scheduler job calls, and how it authenticates. */
export interface JobTarget {
  readonly method: string;
  readonly url: string;
  /** As sent with each call. May contain a secret: do not print. */
  readonly headers: Readonly<Record<string, string>>;
  /** The service account whose signed token the scheduler puts into `Authorization`. */
  readonly oidc: { readonly serviceAccountEmail: string; readonly audience: string } | undefined;
}

/** How often and how soon a call that failed is repeated. */
export interface JobRetry {
  readonly count: number;
  /** 0: until `count` is used up. */
  readonly maxDurationMs: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxDoublings: number;
}

/** A job as we request it. */
export interface JobSpec {
  /** The last segment of the job's resource name: `ops-daily-health-check`. */
  readonly name: string;
  readonly description: string;
  /** unix-cron, five fields. */
  readonly cron: string;
  readonly timeZone: string;
  readonly target: JobTarget;
  readonly attemptDeadlineMs: number;
  readonly retry: JobRetry;
}

/** A job as the scheduler has it. `target` is undefined unless it is an HTTP call. */
export interface SchedulerJob extends Omit<JobSpec, 'target'> {
  readonly target: JobTarget | undefined;
  /**
   * `update_failed`: a change was interrupted; changing it again recovers it. `disabled`: the scheduler gave up on it.
   */
  readonly state: 'enabled' | 'paused' | 'disabled' | 'update_failed' | 'unknown';
}

/** The parts of a job that can be changed separately. */
export type JobField = 'description' | 'cron' | 'timeZone' | 'target' | 'attemptDeadlineMs' | 'retry';

/**
 * The jobs of one project and location. Every method throws `unauthenticated` (no credentials, or not allowed),
 * `unavailable` or `timeout` (a change MAY have been made), `rate_limited`, and `rejected` with the scheduler's own words
 * when it says no: an invalid schedule, a job that exists (`create`) or does not (`update`, `pause`, `resume`).
 */
export interface SchedulerJobs {
  /** All jobs, ours and others', however many there are. */
  list(): Promise<readonly SchedulerJob[]>;
  get(name: string): Promise<SchedulerJob | undefined>;
  create(job: JobSpec): Promise<SchedulerJob>;
  /** Changes only the named fields. */
  update(job: JobSpec, fields: readonly JobField[]): Promise<SchedulerJob>;
  pause(name: string): Promise<SchedulerJob>;
  resume(name: string): Promise<SchedulerJob>;
  close(): Promise<void>;
}
