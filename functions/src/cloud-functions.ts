import { defineInt, defineString } from 'firebase-functions/params';
import { onRequest } from 'firebase-functions/v2/https';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import { FUNCTION_CONCURRENCY, FUNCTION_MEMORY_MIB } from './function-memory.ts';

/** Where the functions run; `functions/.env` sets it, use the same for `npm run schedulers -- --location`. */
const region = defineString('PLAYBOOK_REGION', { default: 'us-central1' });

/**
 * The maximum number of instances; `functions/.env` sets it. Each answers up to `concurrency` calls at once. It limits
 * the costs that strangers can cause.
 */
const maxInstances = defineInt('PLAYBOOK_MAX_INSTANCES', { default: 10 });

const shared = {
  region,
  memory: `${FUNCTION_MEMORY_MIB / 1024}GiB`,
  concurrency: FUNCTION_CONCURRENCY,
  maxInstances,
} as const;

interface Named {
  /** Under which it is deployed and served. */
  readonly name: string;
  /** What the cloud hands it as environment variables. */
  readonly secrets: readonly string[];
  readonly timeoutSeconds: number;
}

/**
 * A function that the cloud runs. `request`: anyone may call it, and it checks the caller itself. `task`: Cloud Tasks
 * calls it with what was enqueued. `schedule`: Cloud Scheduler calls it, by a job that the deployment creates.
 */
export type CloudFunction =
  | (Named & { readonly kind: 'request' })
  | (Named & { readonly kind: 'task'; readonly maxAttempts: number })
  | (Named & { readonly kind: 'schedule'; readonly schedule: string });

/** Everything that is deployed. */
export const CLOUD_FUNCTIONS: readonly CloudFunction[] = [
  {
    kind: 'request',
    name: 'playbookRunner',
    secrets: ['CRON_SECRET', 'CRON_SECRET_PREVIOUS'],
    timeoutSeconds: 1800,
  },
];

/** The functions as the Firebase CLI reads them, by name. They can be deployed, not called. */
export function endpointsOf(functions: readonly CloudFunction[]) {
  return Object.fromEntries(functions.map((one) => [one.name, endpointOf(one)]));
}

function endpointOf(one: CloudFunction) {
  const { secrets, timeoutSeconds } = one;
  const options = { ...shared, secrets: [...secrets], timeoutSeconds };
  switch (one.kind) {
    case 'request':
      // Callers must present the secret or a token; the platform lets all calls through to that check.
      return onRequest({ ...options, invoker: 'public' }, notServed);
    case 'task':
      return onTaskDispatched({ ...options, retryConfig: { maxAttempts: one.maxAttempts } }, notServed);
    case 'schedule':
      return onSchedule({ ...options, schedule: one.schedule }, notServed);
  }
}

function notServed(): never {
  throw new Error('The functions were loaded to be deployed, not to be served.');
}
