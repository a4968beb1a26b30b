import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/**
 * Keeps the server from reading bodies before it calls us. The Functions Framework would unpack and parse them whole, up to
 * 1 GB, whoever sent them: 400 KB of gzip were enough to end an instance. Without these headers it takes a call for one
 * that has no body; the body itself stays readable.
 */
export function leaveBodiesUnread(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    delete request.headers['content-length'];
    delete request.headers['transfer-encoding'];
  });
}

/**
 * The body as it was sent: all of it, or its beginning with more than `maxBytes` where it is larger, or what arrived
 * until the caller hung up.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!(chunk instanceof Uint8Array)) break;
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) break;
    }
  } catch {
    // Whoever hung up reads no answer either.
  }
  request.resume();
  return Buffer.concat(chunks);
}
