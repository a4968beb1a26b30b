import { cut } from '#core/cut.ts';
import { request } from 'node:http';
import { z } from 'zod';
import type { JobSpec } from '#ports/scheduler.ts';
import type { ManualStart } from '#records/executions/manual-start.ts';

const Body = z.object({
  status: z.string(),
  executionId: z.string().optional(),
  reason: z.string().optional(),
  error: z.string().optional(),
});

/** The runner's answer. `status` is that of the execution, or `refused` or `unavailable`. */
export interface RunnerAnswer extends Readonly<z.infer<typeof Body>> {
  readonly httpStatus: number;
}

/** What is requested from the runner: the execution of a slot, like Cloud Scheduler, or one that a person starts. */
export type RunnerCall =
  | { readonly kind: 'schedule'; readonly slot: Date; readonly jobName: string | undefined }
  | { readonly kind: 'manual'; readonly start: ManualStart };

/** What to call, and how long to wait for the answer. */
export type RunnerTarget = Pick<JobSpec, 'target' | 'attemptDeadlineMs'>;

/**
 * Calls the runner, with the headers of Cloud Scheduler for a slot. Rejects if it cannot be reached, does not answer
 * within the deadline, or gives an answer that breaks its promise.
 */
export async function callRunner(runner: RunnerTarget, call: RunnerCall): Promise<RunnerAnswer> {
  const { status, text } = await send(runner, call);
  try {
    return { httpStatus: status, ...Body.parse(JSON.parse(text)) };
  } catch (cause) {
    throw new Error(`The runner answered ${status} with something unexpected: ${cut(text, 200)}`, { cause });
  }
}

function headersOf(call: RunnerCall): Readonly<Record<string, string>> {
  if (call.kind === 'manual') return { 'content-type': 'application/json' };
  return {
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    ...(call.jobName === undefined ? {} : { 'x-cloudscheduler-jobname': call.jobName }),
    'x-cloudscheduler-scheduletime': call.slot.toISOString(),
  };
}

/** Not `fetch`, which gives up after five minutes without an answer. */
function send(
  { target, attemptDeadlineMs }: RunnerTarget,
  call: RunnerCall,
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { ...target.headers, ...headersOf(call) };
  const signal = AbortSignal.timeout(attemptDeadlineMs);
  return new Promise((resolve, reject) => {
    const sent = request(target.url, { method: target.method, headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(call.kind === 'manual' ? JSON.stringify(call.start) : undefined);
  });
}
