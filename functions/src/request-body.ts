import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { BadCall } from '#http/request.ts';

const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/**
 * Prevents the server from reading or requesting bodies before it calls us. The Functions Framework would decompress
 * and parse them completely, up to 1 GB, from any sender: 400 KB of gzip were enough to crash an instance. Without
 * these headers, it treats a call as one without a body; the body itself remains readable.
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

/** The limits of a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** For the whole body, not between chunks. */
  readonly timeoutMs: number;
}

/**
 * The body as sent: all of it, or, if it is larger, its beginning with more than `maxBytes`. Answers `Expect:
 * 100-continue`. Throws `BadCall`: 408 if it takes longer than `timeoutMs`, 400 if the caller hung up before its end.
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
  return `The body did not arrive within ${timeoutMs / 1000} s. Send it immediately, or send none.`;
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
