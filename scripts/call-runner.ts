import { request } from 'node:http';
import { z } from 'zod';
import type { JobSpec } from '../functions/src/ports/scheduler.ts';

const Body = z.object({
  status: z.string(),
  executionId: z.string().optional(),
  reason: z.string().optional(),
  error: z.string().optional(),
});

/** What the runner said. `status` is that of the execution, or `refused` or `unavailable`. */
export interface RunnerAnswer extends Readonly<z.infer<typeof Body>> {
  readonly httpStatus: number;
}

/**
 * Makes the call of a job for a slot, as Cloud Scheduler does, headers included; without a slot as a person would, who gets
 * an execution of its own. Rejects when the runner cannot be reached, does not answer within the job's attempt deadline, or
 * answers in another way than it promises.
 */
export async function callRunner(job: JobSpec, slot: Date | null): Promise<RunnerAnswer> {
  const { status, text } = await send(job, headersFor(job, slot));
  try {
    return { httpStatus: status, ...Body.parse(JSON.parse(text)) };
  } catch (cause) {
    throw new Error(`The runner answered ${status} with something unexpected: ${text.slice(0, 200)}`, { cause });
  }
}

function headersFor({ name, target }: JobSpec, slot: Date | null): Readonly<Record<string, string>> {
  if (slot === null) return target.headers;
  return {
    ...target.headers,
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': name,
    'x-cloudscheduler-scheduletime': slot.toISOString(),
  };
}

/** Not `fetch`, which gives up after five minutes without an answer. */
function send(
  { target, attemptDeadlineMs }: JobSpec,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(attemptDeadlineMs);
  return new Promise((resolve, reject) => {
    const call = request(target.url, { method: target.method, headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}
