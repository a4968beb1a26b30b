import { once } from 'node:events';
import { Agent as PlainAgent, IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { PlaybookError } from '#core/failure.ts';

// Our own agents take no proxy from the environment, however Node was started.
const plainAgent = new PlainAgent({ keepAlive: false });
const tlsAgent = new TlsAgent({ keepAlive: false, rejectUnauthorized: true });

const MAX_BYTES = 20 * 1024 * 1024;
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * `fetch`, as far as Claude's SDK needs it: without a proxy, with certificate checks, and without following redirects.
 * Reads the complete answer, at most 20 MiB. Throws what Node's HTTP client throws, and `output_invalid` for an answer
 * that is too long or not HTTP.
 */
export async function directFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const { method = 'GET', body, signal } = init;
  if (typeof body !== 'string') throw new TypeError('A request to Claude has a text as its body.');
  const secure = url.protocol === 'https:';
  const request = (secure ? tlsRequest : plainRequest)(url, {
    method,
    headers: {
      ...Object.fromEntries(new Headers(init.headers)),
      'accept-encoding': 'identity',
      'content-length': String(Buffer.byteLength(body)),
    },
    agent: secure ? tlsAgent : plainAgent,
    ...(signal ? { signal } : {}),
  });
  // Errors after the answer has begun reach the reader of the body; here they only need a handler.
  request.on('error', () => undefined);
  request.end(body);
  const [answer]: unknown[] = await once(request, 'response');
  if (!(answer instanceof IncomingMessage)) throw new TypeError('The HTTP client answered without a response.');
  return toResponse(answer, await readWhole(answer));
}

async function readWhole(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    const read = Buffer.from(chunk);
    bytes += read.length;
    if (bytes > MAX_BYTES) {
      answer.destroy();
      throw new PlaybookError('output_invalid', `Claude's answer has more than ${MAX_BYTES / 1024 / 1024} MiB.`);
    }
    chunks.push(read);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toResponse(answer: IncomingMessage, body: string): Response {
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 599) {
    throw new PlaybookError('output_invalid', `Claude answered with the status ${status}, which is not valid in HTTP.`);
  }
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
}
