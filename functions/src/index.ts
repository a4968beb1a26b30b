import type { HttpFunction, Request, Response } from '@google-cloud/functions-framework';
import { inTrace, traceOf } from '#adapters/request-trace.ts';
import { takeEnvironment } from './asked-environment.ts';
import { endInGoodOrder } from './end-in-good-order.ts';
import { MAX_BODY_BYTES } from '#http/delivery.ts';
import type { RunnerRequest } from '#http/request.ts';
import { leaveBodiesUnread, readBody } from './request-body.ts';
import { isUnheard, sendReply } from './send-reply.ts';
import { startApp } from './start-app.ts';

/** 64 KB take less than a second; a slower caller occupies a place that others wait for. */
const BODY_TIMEOUT_MS = 5_000;

/** The server itself answers calls that it cannot read, and includes the stack of its error unless this is set. */
process.env['NODE_ENV'] ??= 'production';
leaveBodiesUnread();

const app = startApp(takeEnvironment);
endInGoodOrder(async () => (await app).shutDown());

/**
 * What Cloud Scheduler calls: runs the playbook named by `playbookId` for the slot named by the schedule time.
 * `deployment.ts` defines how the cloud runs it.
 */
export const playbookRunner: HttpFunction = async (request, response) => {
  if (isUnheard(request)) return;
  const { deliver } = await app;
  await sendReply(
    response,
    await inTrace(traceOf(request.headersDistinct), () => deliver(requestOf(request, response))),
  );
};

function requestOf(request: Request, response: Response): RunnerRequest {
  return {
    method: request.method,
    query: new URLSearchParams(/\?(.*)$/s.exec(request.originalUrl)?.[1]),
    headers: request.headersDistinct,
    // A server in front of this one may have read it already.
    body: async () => request.rawBody ?? readBody(response, { maxBytes: MAX_BODY_BYTES, timeoutMs: BODY_TIMEOUT_MS }),
  };
}
