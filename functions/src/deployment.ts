import { defineInt, defineString } from 'firebase-functions/params';
import { onRequest } from 'firebase-functions/v2/https';
import { FUNCTION_CONCURRENCY, FUNCTION_MEMORY_MIB } from './function-memory.ts';

/**
 * What the Firebase CLI reads to deploy or emulate: the functions and how the cloud runs them. `index.ts` serves them,
 * so that cold starts do not load firebase-functions.
 */

/** Where the functions run; `functions/.env` sets it, use the same for `npm run schedulers -- --location`. */
const region = defineString('PLAYBOOK_REGION', { default: 'us-central1' });

/**
 * The maximum number of instances; `functions/.env` sets it. Each answers up to `concurrency` calls at once. It limits
 * the costs that strangers can cause.
 */
const maxInstances = defineInt('PLAYBOOK_MAX_INSTANCES', { default: 10 });

/** What Cloud Scheduler calls. */
export const playbookRunner = onRequest(
  {
    region,
    secrets: ['CRON_SECRET', 'CRON_SECRET_PREVIOUS'],
    // Callers must present the secret or a token; the platform lets all calls through to that check.
    invoker: 'public',
    timeoutSeconds: 1800,
    memory: `${FUNCTION_MEMORY_MIB / 1024}GiB`,
    concurrency: FUNCTION_CONCURRENCY,
    maxInstances,
  },
  () => {
    throw new Error('The functions were loaded to be deployed, not to be served.');
  },
);
