import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import type { ServerResponse } from 'node:http';
import { BadCall } from '#http/request.ts';

const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/**
 * Keeps the server from reading bodies, and from asking for them, before it calls us. The Functions Framework would unpack
 * and parse them whole, up to 1 GB, whoever sent them: 400 KB of gzip were enough to end an instance. Without these headers
 * it takes a call for one that has no body; the body itself stays readable.
 */
export function leaveBodiesUnread(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    delete request.headers['content-length'];
    delete request.headers['transfer-encoding'];
    if (CONTINUE.test(request.headers.expect ?? '')) delete request.headers.expect;
  });
}

/** What a body may be at most. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** For all of it, not from one piece to the next. */
  readonly timeoutMs: number;
}

/**
 * The body as it was sent: all of it, or its beginning with more than `maxBytes` where it is larger. A caller that waits to
 * be asked for it is asked. Throws `BadCall`: 408 when it takes longer than `timeoutMs`, 400 when the caller hung up before
 * the end of it.
 */
export async function readBody(response: ServerResponse, { maxBytes, timeoutMs }: BodyLimits): Promise<Uint8Array> {
  const { req: request } = response;
  if (request.headersDistinct['expect']?.some((value) => CONTINUE.test(value)) === true) response.writeContinue();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new BadCall(408, tooSlow(timeoutMs))), timeoutMs);
  try {
    return await Promise.race([collect(request, maxBytes), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(timeoutMs: number): string {
  return `The body did not arrive within ${timeoutMs / 1000} s. Send it at once, or none.`;
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!(chunk instanceof Uint8Array)) break;
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) break;
    }
  } catch (thrown) {
    throw new BadCall(400, 'The connection ended before the body did.', { cause: thrown });
  }
  return Buffer.concat(chunks);
}
