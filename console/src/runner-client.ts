import { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import { manualExecutionId } from '#engine/record/execution-id.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import type { RunRequest } from './world/world.ts';

/** Where the runner is, and what opens it. */
export interface RunnerAddress {
  readonly url: string;
  readonly cronSecret: string;
}

const LOOK_AGAIN_MS = 100;
const BEGINS_WITHIN_MS = 10_000;
/** The runner answers when the execution has ended, which nobody waits for here; a playbook takes 30 minutes at most. */
const ANSWERS_WITHIN_MS = 35 * 60_000;

const Refusal = z.object({ error: z.string() });

/**
 * Asks the runner over HTTP, as Cloud Scheduler does, and resolves as soon as the record of the execution is there. See
 * `ConsoleWorld.requestExecution` for what is thrown.
 */
export function runnerClient(
  address: RunnerAddress | undefined,
  { documents, clock }: { readonly documents: Pick<Documents, 'get'>; readonly clock: Clock },
): (request: RunRequest) => Promise<void> {
  return async (request) => {
    if (address === undefined) {
      throw new PlaybookError(
        'unconfigured',
        'The console does not know the runner: set PLAYBOOK_RUNNER_URL to the address of the function playbookRunner, and CRON_SECRET.',
      );
    }
    const path = `${EXECUTIONS}/${manualExecutionId(request.playbookId, request.requestId)}`;
    let answered = false;
    const answer = call(address, request).finally(() => (answered = true));
    // Once nobody waits for it, its rejection must not surface.
    answer.catch(() => undefined);
    const untilMs = clock.now().getTime() + BEGINS_WITHIN_MS;
    while (!answered && clock.now().getTime() < untilMs) {
      if ((await documents.get(path)) !== undefined) return;
      await clock.sleep(LOOK_AGAIN_MS);
    }
    if (answered) return answer;
    throw new PlaybookError(
      'unavailable',
      'The runner did not start within 10 seconds. Check Executions before you try again.',
    );
  };
}

async function call({ url, cronSecret }: RunnerAddress, request: RunRequest): Promise<void> {
  const { playbookId, requestId, by, inputs, onlyTo } = request;
  const target = new URL(url);
  target.searchParams.set('playbookId', playbookId);
  let response: Response;
  try {
    response = await fetch(target, {
      method: 'POST',
      headers: { 'x-cron-secret': cronSecret, 'content-type': 'application/json' },
      body: JSON.stringify({ requestId, by, inputs, ...(onlyTo === undefined ? {} : { onlyTo }) }),
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      redirect: 'error',
    });
  } catch (cause) {
    throw new PlaybookError(
      'unavailable',
      'The runner is unreachable; nothing was started. Check that the function is deployed and PLAYBOOK_RUNNER_URL is right.',
      { cause },
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  const refusal = Refusal.safeParse(body);
  if (response.ok || response.status === 500) return;
  const words = refusal.success ? refusal.data.error : `HTTP ${response.status}`;
  if (response.status === 401) {
    throw new PlaybookError(
      'unconfigured',
      'The runner rejects the CRON_SECRET of this console. Deploy both with the same one.',
    );
  }
  throw new PlaybookError(response.status >= 500 ? 'unavailable' : 'input_invalid', `The runner refused: ${words}`);
}
