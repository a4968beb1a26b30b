import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** A server on a free loopback port of this machine. */
export interface LocalServer {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:PORT`, without a trailing slash; `https://localhost:PORT` with a certificate. */
  readonly url: string;
  /** The completely read requests, in order; none if a handler controls the connection itself. */
  readonly heard: readonly LocalRequest[];
  /** Cuts all connections and stops listening. */
  close(): Promise<void>;
}

/** One complete request. Header names are in lower case. */
export interface LocalRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What to answer. `hang`: keep the connection open without an answer. `cut`: close it in the middle of the answer. */
export type LocalReply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

/** A key and a certificate for `localhost`, in PEM, to serve over TLS. */
export interface LocalCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Starts a server that reads each request completely and answers what `answer` returns. */
export async function startLocalServer(
  answer: (request: LocalRequest) => LocalReply | Promise<LocalReply>,
  certificate?: LocalCertificate,
): Promise<LocalServer> {
  const heard: LocalRequest[] = [];
  const server = await startRawServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    heard.push(request);
    send(await answer(request), response);
  }, certificate);
  return { ...server, heard };
}

/** Starts a server whose handler controls the connection itself. */
export async function startRawServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
  certificate?: LocalCertificate,
): Promise<LocalServer> {
  const listener: RequestListener = (request, response) => {
    void (async () => {
      try {
        await handle(request, response);
      } catch (thrown) {
        // A client that disconnected is not an error of the server; all other errors must reach the test.
        if (!request.destroyed) response.writeHead(500).end(String(thrown));
      }
    })();
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: '127.0.0.1',
    port,
    url: certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    heard: [],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A JSON answer. */
export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): LocalReply {
  return {
    kind: 'reply',
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<LocalRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? '',
    // A client that uses this server as a proxy sends the full URL; the path is the same.
    url: new URL(incoming.url ?? '/', 'http://local'),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(reply: LocalReply, response: ServerResponse): void {
  if (reply.kind === 'hang') return;
  if (reply.kind === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{', () => response.destroy());
    return;
  }
  response.writeHead(reply.status, reply.headers).end(reply.body);
}
