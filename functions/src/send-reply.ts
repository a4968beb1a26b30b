import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunnerReply } from '#http/request.ts';

/** How long a caller whose call was not read to its end has to read the answer. */
const LINGER_MS = 1_000;

/**
 * Sends an answer. Where the call was not read to its end, the connection ends with it: what is left of the call is read
 * neither now nor as the next one. Cut at once, with data still on its way, it would take the answer along; so it is half
 * closed, and stays for a second in which nothing is read.
 */
export async function sendReply(response: ServerResponse, { status, headers, body }: RunnerReply): Promise<void> {
  const text = Buffer.from(JSON.stringify(body));
  const { req: request } = response;
  const { socket } = request;
  const length = { 'content-length': text.byteLength };
  // What came together with the headers is read together with them, but told of only now.
  if (!request.complete) await nextTurn();
  if (request.complete) {
    response.writeHead(status, { ...headers, ...length }).end(text);
    return;
  }
  response.writeHead(status, { ...headers, ...length, connection: 'close' }).flushHeaders();
  response.write(text, () => {
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS);
  });
}

/** Whether nobody would hear an answer: the connection was ended with the answer to a call before this one. */
export function isUnheard({ socket }: IncomingMessage): boolean {
  return socket.writableEnded;
}
