import { JobBody, refusalOf, withDefaults, type GoogleRefusal, type KeptJob } from './cloud-scheduler-jobs.ts';
import { jsonReply, startLocalServer, type LocalRequest, type LocalServer } from './local-server.ts';

/** One request that the server received. */
export interface SchedulerCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A local server with the REST API of Cloud Scheduler v1, which refuses what Cloud Scheduler refuses. */
export interface CloudSchedulerServer extends LocalServer {
  /** All jobs by full resource name. A test can add jobs of other people here. */
  readonly jobs: Map<string, KeptJob>;
  readonly calls: SchedulerCall[];
  /** Answers the next request with this instead; `'hang'` never answers it. */
  readonly faults: (GoogleRefusal | 'hang')[];
}

type Reply =
  | { readonly job: KeptJob }
  | { readonly list: readonly KeptJob[]; readonly next: string }
  | { readonly refusal: GoogleRefusal };

const STATE_NUMBERS = { ENABLED: 1, PAUSED: 2, DISABLED: 3, UPDATE_FAILED: 4 } as const;
const METHOD_NUMBERS = ['HTTP_METHOD_UNSPECIFIED', 'POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];

/** Starts the server on a free port of this machine. `pageSize` is the maximum number of jobs per page: Google's is 500. */
export async function startCloudSchedulerServer({ pageSize = 500 } = {}): Promise<CloudSchedulerServer> {
  const jobs = new Map<string, KeptJob>();
  const calls: SchedulerCall[] = [];
  const faults: (GoogleRefusal | 'hang')[] = [];

  const server = await startLocalServer((request) => {
    const { method, url, body } = request;
    calls.push({ method, path: decodeURIComponent(url.pathname), body });
    const fault = faults.shift();
    if (fault === 'hang') return { kind: 'hang' };
    const reply = fault === undefined ? answer({ request, url, body, jobs, pageSize }) : { refusal: fault };
    const byNumber = (url.searchParams.get('$alt') ?? '').includes('enum-encoding=int');
    return jsonReply('refusal' in reply ? reply.refusal.code : 200, payloadOf(reply, byNumber));
  });
  return { ...server, jobs, calls, faults };
}

interface Exchange {
  readonly request: LocalRequest;
  readonly url: URL;
  readonly body: string;
  readonly jobs: Map<string, KeptJob>;
  readonly pageSize: number;
}

function answer(exchange: Exchange): Reply {
  const { request, url, jobs } = exchange;
  if (request.headers['authorization'] === undefined && request.headers['x-goog-api-key'] === undefined) {
    return refused(401, 'UNAUTHENTICATED', 'Request is missing required authentication credential.');
  }
  const path = decodeURIComponent(url.pathname);
  const collection = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+)\/jobs$/.exec(path)?.[1];
  if (collection !== undefined && request.method === 'GET') return listed(exchange, collection);
  if (collection !== undefined && request.method === 'POST') return created(exchange, collection);

  const [, name = '', verb] = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/jobs\/[^/:]+)(?::(\w+))?$/.exec(path) ?? [];
  const job = jobs.get(name);
  if (job === undefined) return refused(404, 'NOT_FOUND', 'Job not found.');
  if (request.method === 'GET') return { job };
  if (request.method === 'PATCH') return updated(exchange, job);
  if (verb === 'pause') return moved(jobs, job, 'ENABLED', 'PAUSED');
  if (verb === 'resume') return moved(jobs, job, 'PAUSED', 'ENABLED');
  return refused(404, 'NOT_FOUND', 'Method not found.');
}

function listed({ url, jobs, pageSize }: Exchange, parent: string): Reply {
  const all = [...jobs.values()].filter(({ name }) => name.startsWith(`${parent}/jobs/`));
  const size = Math.min(Number(url.searchParams.get('pageSize') ?? pageSize) || pageSize, pageSize);
  const from = Number(url.searchParams.get('pageToken') ?? 0);
  const to = from + size;
  return { list: all.slice(from, to), next: to < all.length ? String(to) : '' };
}

function created({ body, jobs }: Exchange, parent: string): Reply {
  const parsed = parsedBody(body);
  if ('refusal' in parsed) return parsed;
  const job = withDefaults({ name: `${parent}/jobs/${jobs.size + 1}`, ...parsed });
  const refusal = refusalOf(job);
  if (refusal !== undefined) return { refusal };
  if (job.name?.startsWith(`${parent}/jobs/`) !== true) {
    return refused(400, 'INVALID_ARGUMENT', 'The job must lie in the location that it is created in.');
  }
  if (jobs.has(job.name)) return refused(409, 'ALREADY_EXISTS', `Job ${job.name} already exists.`);
  return kept(jobs, { ...job, name: job.name, state: 'ENABLED', userUpdateTime: '2026-11-20T14:00:00Z' });
}

function updated({ url, body, jobs }: Exchange, job: KeptJob): Reply {
  const parsed = parsedBody(body);
  if ('refusal' in parsed) return parsed;
  const mask = (url.searchParams.get('updateMask') ?? '').split(',').filter((path) => path !== '');
  const fields = new Set(mask.map((path) => path.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())));
  const known = new Set<string>(Object.keys(JobBody.shape));
  const unknown = [...fields].find((field) => !known.has(field.split('.')[0] ?? ''));
  if (unknown !== undefined) return refused(400, 'INVALID_ARGUMENT', `Invalid field mask: ${unknown}.`);

  const changes = Object.entries(parsed).filter(([field]) => fields.size === 0 || fields.has(field));
  const changed = withDefaults({ ...job, ...Object.fromEntries(changes), name: job.name });
  const refusal = refusalOf(changed);
  if (refusal !== undefined) return { refusal };
  const state = job.state === 'UPDATE_FAILED' ? 'ENABLED' : job.state;
  return kept(jobs, { ...changed, name: job.name, state, userUpdateTime: '2026-11-20T15:00:00Z' });
}

function moved(jobs: Map<string, KeptJob>, job: KeptJob, from: KeptJob['state'], to: KeptJob['state']): Reply {
  if (job.state === from) return kept(jobs, { ...job, state: to });
  return refused(400, 'FAILED_PRECONDITION', `Job state must be ${from} for this operation, not ${job.state}.`);
}

function kept(jobs: Map<string, KeptJob>, job: KeptJob): Reply {
  jobs.set(job.name, job);
  return { job };
}

function parsedBody(body: string): JobBody | { readonly refusal: GoogleRefusal } {
  try {
    const parsed = JobBody.safeParse(JSON.parse(body));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    return refused(
      400,
      'INVALID_ARGUMENT',
      `Invalid JSON payload received. ${issue?.path.join('.')}: ${issue?.message}`,
    );
  } catch {
    return refused(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.');
  }
}

function refused(code: number, status: GoogleRefusal['status'], message: string): { readonly refusal: GoogleRefusal } {
  return { refusal: { code, status, message } };
}

function payloadOf(reply: Reply, byNumber: boolean): unknown {
  if ('refusal' in reply) return { error: reply.refusal };
  if ('job' in reply) return onWire(reply.job, byNumber);
  const next = reply.next === '' ? {} : { nextPageToken: reply.next };
  return { jobs: reply.list.map((job) => onWire(job, byNumber)), ...next };
}

function onWire(job: KeptJob, byNumber: boolean): unknown {
  if (!byNumber) return job;
  const { httpTarget } = job;
  const target = httpTarget && { ...httpTarget, httpMethod: METHOD_NUMBERS.indexOf(httpTarget.httpMethod) };
  return { ...job, state: STATE_NUMBERS[job.state], httpTarget: target };
}
