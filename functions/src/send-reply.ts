import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunnerReply } from '#http/request.ts';

/** How long a caller has to read the answer if its call was not read completely. */
const LINGER_MS = 1_000;

/**
 * Sends an answer. If the call was not read completely, this ends the connection: the rest of the call is read neither
 * now nor as the next one. Closing it at once, with data still arriving, would lose the answer; so it is half-closed
 * and kept for a second in which nothing is read.
 */
export async function sendReply(response: ServerResponse, { status, headers, body }: RunnerReply): Promise<void> {
  const text = Buffer.from(JSON.stringify(body));
  const { req: request } = response;
  const { socket } = request;
  const length = { 'content-length': text.byteLength };
  // Data that came with the headers was read with them, but is only reported now.
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

/** Whether an answer would reach no one: the connection was ended with the answer to an earlier call. */
export function isUnheard({ socket }: IncomingMessage): boolean {
  return socket.writableEnded;
}
