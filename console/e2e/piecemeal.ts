import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';

const PIECES = 10;
/** Long enough for a browser to paint in between. */
const PAUSE_MS = 40;

/** The console as it comes over a slow network. */
export interface Piecemeal {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Passes everything on from `target`; pages in ten pieces with a pause after each, so that a browser could show them half. */
export async function openPiecemeal(target: string): Promise<Piecemeal> {
  const server = createServer((asked, answer) => void pass(asked, answer, target));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(asked: IncomingMessage, answer: ServerResponse, target: string): Promise<void> {
  const given = await answerOf(asked, target);
  answer.writeHead(given.statusCode ?? 502, given.headers);
  const isPage = String(given.headers['content-type']).startsWith('text/html');
  if (!isPage) {
    given.pipe(answer);
    return;
  }
  const page = await buffer(given);
  const size = Math.ceil(page.length / PIECES);
  for (let start = 0; start < page.length; start += size) {
    answer.write(page.subarray(start, start + size));
    await delay(PAUSE_MS);
  }
  answer.end();
}

function answerOf(asked: IncomingMessage, target: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(asked.url ?? '/', target);
    const headers = { ...asked.headers, host: url.host };
    asked.pipe(request(url, { method: asked.method, headers }, resolve).on('error', reject));
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}
