import { onRequest } from 'firebase-functions/v2/https';
import type { Request } from 'firebase-functions/v2/https';
import { createApp } from './app.ts';
import type { App } from './app.ts';
import { readConfig } from './config.ts';
import type { RunnerRequest } from './http/request.ts';

/** The Firebase CLI loads this file to see what is exported; nothing is configured then. */
const isDiscovery = process.env['FUNCTIONS_CONTROL_API'] === 'true';

/** A wrong configuration ends the process here, so that it is seen when it is deployed and not when it is due. */
const app: Promise<App> | undefined = isDiscovery ? undefined : createApp(readConfig(process.env), process.env);

/** What Cloud Scheduler calls: runs the playbook named by `playbookId` for the slot named by the schedule time. */
export const playbookRunner = onRequest(
  {
    region: process.env['PLAYBOOK_REGION'] ?? 'us-central1',
    secrets: ['CRON_SECRET', 'CRON_SECRET_PREVIOUS'],
    // Whoever calls must know the secret or bring a token; the platform lets the call through to that check.
    invoker: 'public',
    timeoutSeconds: 1800,
    memory: '512MiB',
    concurrency: 20,
  },
  async (request, response) => {
    if (app === undefined) throw new Error('The functions were loaded for discovery, not for serving.');
    const reply = await (await app).deliver(requestOf(request));
    response.status(reply.status).set(reply.headers).send(JSON.stringify(reply.body));
  },
);

function requestOf(request: Request): RunnerRequest {
  return {
    method: request.method,
    query: new URL(request.originalUrl, 'http://localhost').searchParams,
    headers: request.headersDistinct,
    body: request.rawBody ?? new Uint8Array(),
  };
}
