import type { HttpFunction, Request } from '@google-cloud/functions-framework';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import type { RunnerRequest } from './http/request.ts';

/** A wrong configuration ends the process here, so that it is seen when it is deployed and not when it is due. */
const app = createApp(readConfig(process.env), process.env);

/**
 * What Cloud Scheduler calls: runs the playbook named by `playbookId` for the slot named by the schedule time.
 * `deployment.ts` says how the cloud runs it.
 */
export const playbookRunner: HttpFunction = async (request, response) => {
  const reply = await (await app).deliver(requestOf(request));
  response.status(reply.status).set(reply.headers).send(JSON.stringify(reply.body));
};

function requestOf(request: Request): RunnerRequest {
  return {
    method: request.method,
    query: new URL(request.originalUrl, 'http://localhost').searchParams,
    headers: request.headersDistinct,
    body: request.rawBody ?? new Uint8Array(),
  };
}
