import type { protos } from '@google-cloud/scheduler';
import type { JobSpec, JobTarget, SchedulerJob } from '#ports/scheduler.ts';

type GoogleJob = protos.google.cloud.scheduler.v1.IJob;
type GoogleDuration = protos.google.protobuf.IDuration;
type GoogleTarget = protos.google.cloud.scheduler.v1.IHttpTarget;

/** The numbers of `google.cloud.scheduler.v1.HttpMethod`, for answers that use numbers. */
const METHODS = ['HTTP_METHOD_UNSPECIFIED', 'POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

/** The numbers of `google.cloud.scheduler.v1.Job.State`. */
const STATES = ['STATE_UNSPECIFIED', 'ENABLED', 'PAUSED', 'DISABLED', 'UPDATE_FAILED'] as const;

const STATE_WORDS: Readonly<Record<(typeof STATES)[number], SchedulerJob['state']>> = {
  STATE_UNSPECIFIED: 'unknown',
  ENABLED: 'enabled',
  PAUSED: 'paused',
  DISABLED: 'disabled',
  UPDATE_FAILED: 'update_failed',
};

/** A job in Cloud Scheduler's format, with its full resource name. */
export function toGoogle(spec: JobSpec, name: string): GoogleJob {
  const { retry, target } = spec;
  const method = METHODS.find((known) => known === target.method);
  return {
    name,
    description: spec.description,
    schedule: spec.cron,
    timeZone: spec.timeZone,
    attemptDeadline: toDuration(spec.attemptDeadlineMs),
    retryConfig: {
      retryCount: retry.count,
      maxRetryDuration: toDuration(retry.maxDurationMs),
      minBackoffDuration: toDuration(retry.minBackoffMs),
      maxBackoffDuration: toDuration(retry.maxBackoffMs),
      maxDoublings: retry.maxDoublings,
    },
    httpTarget: {
      uri: target.url,
      httpMethod: method ?? 'HTTP_METHOD_UNSPECIFIED',
      headers: { ...target.headers },
      ...(target.oidc === undefined ? {} : { oidcToken: { ...target.oidc } }),
    },
  };
}

/** A Cloud Scheduler job in our format. */
export function fromGoogle(job: GoogleJob): SchedulerJob {
  const retry = job.retryConfig;
  return {
    name: (job.name ?? '').split('/').at(-1) ?? '',
    description: job.description ?? '',
    cron: job.schedule ?? '',
    timeZone: job.timeZone ?? '',
    target: job.httpTarget ? targetOf(job.httpTarget) : undefined,
    attemptDeadlineMs: milliseconds(job.attemptDeadline),
    retry: {
      count: retry?.retryCount ?? 0,
      maxDurationMs: milliseconds(retry?.maxRetryDuration),
      minBackoffMs: milliseconds(retry?.minBackoffDuration),
      maxBackoffMs: milliseconds(retry?.maxBackoffDuration),
      maxDoublings: retry?.maxDoublings ?? 0,
    },
    state: STATE_WORDS[named(STATES, job.state) ?? 'STATE_UNSPECIFIED'],
  };
}

function targetOf(target: GoogleTarget): JobTarget {
  const { oidcToken } = target;
  return {
    method: named(METHODS, target.httpMethod) ?? '',
    url: target.uri ?? '',
    headers: target.headers ?? {},
    oidc: oidcToken
      ? { serviceAccountEmail: oidcToken.serviceAccountEmail ?? '', audience: oidcToken.audience ?? '' }
      : undefined,
  };
}

/** The name of an enum value, given by name or number. */
function named<Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return typeof value === 'number' ? names[value] : names.find((name) => name === value);
}

function toDuration(durationMs: number): GoogleDuration {
  return { seconds: Math.floor(durationMs / 1000), nanos: (durationMs % 1000) * 1_000_000 };
}

function milliseconds(duration: GoogleDuration | null | undefined): number {
  // 64-bit seconds arrive as number, text or Long; String() works for all of them.
  return Number(String(duration?.seconds ?? 0)) * 1000 + (duration?.nanos ?? 0) / 1_000_000;
}
