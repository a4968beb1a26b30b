import { z } from 'zod';

/** A refusal of Cloud Scheduler: message and code of its REST API. */
export interface GoogleRefusal {
  readonly code: number;
  readonly status:
    | 'INVALID_ARGUMENT'
    | 'FAILED_PRECONDITION'
    | 'NOT_FOUND'
    | 'ALREADY_EXISTS'
    | 'UNAUTHENTICATED'
    | 'UNAVAILABLE'
    | 'PERMISSION_DENIED';
  readonly message: string;
}

const METHODS = ['HTTP_METHOD_UNSPECIFIED', 'POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;
const MAX_URL_LENGTH = 2083;

/** proto3 JSON writes durations as seconds with an `s`. */
const Seconds = z.string().regex(/^-?\d+(\.\d{1,9})?s$/);

const HttpTarget = z.strictObject({
  uri: z.string().default(''),
  /** Enums are names or numbers. */
  httpMethod: z
    .union([
      z.enum(METHODS),
      z
        .number()
        .int()
        .transform((value) => METHODS[value] ?? 'HTTP_METHOD_UNSPECIFIED'),
    ])
    .default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.base64().optional(),
  oidcToken: z
    .strictObject({ serviceAccountEmail: z.string().default(''), audience: z.string().optional() })
    .optional(),
  oauthToken: z.strictObject({ serviceAccountEmail: z.string().default(''), scope: z.string().optional() }).optional(),
});

/** The fields of a job that a caller may set, as proto3 JSON; unknown fields are refused, as Google does. */
export const JobBody = z.strictObject({
  name: z.string().optional(),
  description: z.string().optional(),
  schedule: z.string().optional(),
  timeZone: z.string().optional(),
  httpTarget: HttpTarget.optional(),
  pubsubTarget: z.looseObject({}).optional(),
  attemptDeadline: Seconds.optional(),
  retryConfig: z
    .strictObject({
      retryCount: z.number().int().optional(),
      maxRetryDuration: Seconds.default('0s'),
      minBackoffDuration: Seconds.default('5s'),
      maxBackoffDuration: Seconds.default('3600s'),
      maxDoublings: z.number().int().default(5),
    })
    .optional(),
});
export type JobBody = z.infer<typeof JobBody>;

/** A job as the service stores it. */
export interface KeptJob extends JobBody {
  readonly name: string;
  readonly state: 'ENABLED' | 'PAUSED' | 'DISABLED' | 'UPDATE_FAILED';
  readonly userUpdateTime: string;
}

/** Fills in the defaults of Cloud Scheduler. */
export function withDefaults(body: JobBody): JobBody {
  const filled: JobBody = {
    ...body,
    timeZone: body.timeZone || 'Etc/UTC',
    retryConfig: body.retryConfig ?? {
      maxRetryDuration: '0s',
      minBackoffDuration: '5s',
      maxBackoffDuration: '3600s',
      maxDoublings: 5,
    },
  };
  if (body.httpTarget === undefined) return filled;
  const headers = { ...body.httpTarget.headers, 'User-Agent': 'Google-Cloud-Scheduler' };
  return { ...filled, attemptDeadline: body.attemptDeadline ?? '180s', httpTarget: { ...body.httpTarget, headers } };
}

/** The first reason for which Cloud Scheduler refuses a job; undefined if it accepts the job. */
export function refusalOf(job: JobBody): GoogleRefusal | undefined {
  const problem = problemOf(job);
  return problem === undefined ? undefined : { code: 400, status: 'INVALID_ARGUMENT', message: problem };
}

function problemOf(job: JobBody): string | undefined {
  if (!/^projects\/[\w.:-]+\/locations\/[\w-]+\/jobs\/[\w-]{1,500}$/.test(job.name ?? '')) {
    return 'Job name must be formatted: "projects/<PROJECT_ID>/locations/<LOCATION_ID>/jobs/<JOB_ID>".';
  }
  if ((job.description ?? '').length > 500) return 'Job.description must not be more than 500 characters.';
  if (!isSchedule(job.schedule ?? '') || !isTimeZone(job.timeZone ?? '')) return 'Schedule or time zone is invalid.';
  if (job.httpTarget === undefined && job.pubsubTarget === undefined) return 'Job.target is required.';
  return targetProblem(job) ?? retryProblem(job.retryConfig);
}

function targetProblem({ httpTarget, attemptDeadline }: JobBody): string | undefined {
  if (httpTarget === undefined) return undefined;
  const { uri, headers, httpMethod, body, oidcToken } = httpTarget;
  if (!/^https?:\/\//.test(uri) || !URL.canParse(uri)) return 'HttpTarget.uri must begin with "http://" or "https://".';
  if (uri.length > MAX_URL_LENGTH) return `HttpTarget.uri must be at most ${MAX_URL_LENGTH} characters.`;
  if (Object.entries(headers).some(([name, value]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]/.test(value))) {
    return 'HttpTarget.headers is invalid.';
  }
  if (JSON.stringify(headers).length > 80 * 1024) return 'HttpTarget.headers must be less than 80KB.';
  if (body !== undefined && !['POST', 'PUT', 'PATCH'].includes(httpMethod))
    return 'HttpTarget.body is not allowed here.';
  if (oidcToken !== undefined && !/^[^@\s]+@[^@\s]+$/.test(oidcToken.serviceAccountEmail)) {
    return 'OidcToken.service_account_email is required.';
  }
  const deadlineSeconds = Number.parseFloat(attemptDeadline ?? '180s');
  if (deadlineSeconds < 15 || deadlineSeconds > 1800) return 'Job.attempt_deadline must be between [15s, 30m].';
  return undefined;
}

function retryProblem(retry: JobBody['retryConfig']): string | undefined {
  const count = retry?.retryCount ?? 0;
  if (count < 0 || count > 5) return 'RetryConfig.retry_count must be between 0 and 5.';
  const shortest = Number.parseFloat(retry?.minBackoffDuration ?? '5s');
  const longest = Number.parseFloat(retry?.maxBackoffDuration ?? '3600s');
  if (shortest > longest) return 'RetryConfig.min_backoff_duration must not exceed max_backoff_duration.';
  return undefined;
}

const CRON_RANGES = [
  { lowest: 0, highest: 59, names: [] },
  { lowest: 0, highest: 23, names: [] },
  { lowest: 1, highest: 31, names: [] },
  {
    lowest: 1,
    highest: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  { lowest: 0, highest: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
] as const;

function isSchedule(schedule: string): boolean {
  const fields = schedule.trim().split(/\s+/);
  if (fields[0] === 'every') return fields.length > 1; // App Engine's English-like form
  if (fields.length !== CRON_RANGES.length) return false;
  return CRON_RANGES.every(({ lowest, highest, names }, index) =>
    (fields[index] ?? '').split(',').every((part) => {
      const [range = '', step] = part.split('/');
      if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= highest)) return false;
      if (range === '*') return true;
      const [from = '', to = from] = range.split('-');
      return [from, to].every((value) => {
        if (names.some((name) => name === value.toUpperCase())) return true;
        return /^\d+$/.test(value) && Number(value) >= lowest && Number(value) <= highest;
      });
    }),
  );
}

function isTimeZone(timeZone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
