import { defineInt, defineString } from 'firebase-functions/params';
import { onRequest } from 'firebase-functions/v2/https';
import { FUNCTION_CONCURRENCY, FUNCTION_MEMORY_MIB } from './function-memory.ts';

/**
 * What the Firebase CLI reads when it deploys, or emulates: which functions there are and how the cloud is to run them.
 * They are served by `index.ts`, which spares every cold start the loading of firebase-functions.
 */

/** Where the functions run; `functions/.env` sets it, and `npm run schedulers -- --location` should be told the same. */
const region = defineString('PLAYBOOK_REGION', { default: 'us-central1' });

/**
 * How many instances may run at most, whatever is called; `functions/.env` sets it. Each answers as many calls at once as
 * `concurrency` says. The bound is on what strangers can make the owner pay.
 */
const maxInstances = defineInt('PLAYBOOK_MAX_INSTANCES', { default: 10 });

/** What Cloud Scheduler calls. */
export const playbookRunner = onRequest(
  {
    region,
    secrets: ['CRON_SECRET', 'CRON_SECRET_PREVIOUS'],
    // Whoever calls must know the secret or bring a token; the platform lets the call through to that check.
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
