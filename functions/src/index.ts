import type { HttpFunction, Request } from '@google-cloud/functions-framework';
import { createApp } from './app.ts';
import { takeEnvironment } from './asked-environment.ts';
import { readConfig } from './config.ts';
import { endInGoodOrder } from './end-in-good-order.ts';
import { MAX_BODY_BYTES } from './http/delivery.ts';
import type { RunnerRequest } from './http/request.ts';
import { leaveBodiesUnread, readBody } from './request-body.ts';

const env = takeEnvironment();

/** The server answers calls that it cannot read without us; with the stack of its error unless this says otherwise. */
process.env['NODE_ENV'] ??= 'production';
leaveBodiesUnread();

/** A wrong configuration ends the process here, so that it is seen when it is deployed and not when it is due. */
const app = createApp(readConfig(env), env);
endInGoodOrder(async () => (await app).shutDown());

/**
 * What Cloud Scheduler calls: runs the playbook named by `playbookId` for the slot named by the schedule time.
 * `deployment.ts` says how the cloud runs it.
 */
export const playbookRunner: HttpFunction = async (request, response) => {
  const reply = await (await app).deliver(await requestOf(request));
  response.status(reply.status).set(reply.headers).send(JSON.stringify(reply.body));
};

async function requestOf(request: Request): Promise<RunnerRequest> {
  return {
    method: request.method,
    query: new URLSearchParams(/\?(.*)$/s.exec(request.originalUrl)?.[1]),
    headers: request.headersDistinct,
    body: request.rawBody ?? (await readBody(request, MAX_BODY_BYTES)),
  };
}
