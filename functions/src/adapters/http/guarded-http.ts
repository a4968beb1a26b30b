import { lookup as systemLookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Agent as PlainAgent, IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { PlaybookError } from '#core/failure.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '#ports/http.ts';
import { withinLimit } from '../call-limit.ts';
import { callFailure } from '../network-error.ts';
import { admit, parseUrl, type Admitted, type Lookup } from './address-guard.ts';
import { checkedRequest, neutralHeaders, type Headers } from './request-check.ts';
import { ACCEPT_ENCODING, readBody } from './response-body.ts';

const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

// Connections are not reused, so each one goes to an address checked for it, and none goes through a proxy.
const plainAgent = new PlainAgent({ keepAlive: false });
const tlsAgent = new TlsAgent({ keepAlive: false });

/** What the guard allows. */
export interface GuardedHttpOptions {
  /** `host:port` entries, matched exactly, that may be private, use any port and speak plain http. */
  readonly allowPrivate: readonly string[];
  /** Resolves host names; the system's resolver by default. */
  readonly lookup?: Lookup;
}

interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/**
 * The only way to call URLs from a playbook. Every address of a host name is checked, and the connection goes to a
 * checked one, so that a second look-up cannot lead elsewhere; redirects are checked like the first URL.
 */
export function guardedHttp({ allowPrivate, lookup = lookUp }: GuardedHttpOptions): HttpClient {
  const guard = { listed: new Set(allowPrivate.map((entry) => entry.trim().toLowerCase())), lookup };
  return {
    async send(request) {
      const url = parseUrl(request.url);
      const startedMs = performance.now();
      const first = { url, ...checkedRequest(request), body: request.body };
      const limit = { signal: request.signal, timeoutMs: request.timeoutMs, what: url.origin };
      try {
        const response = await withinLimit(limit, (signal) => follow(request, first, guard, signal));
        return { ...response, durationMs: Math.round(performance.now() - startedMs) };
      } catch (thrown) {
        throw callFailure(thrown, url.origin);
      }
    },
  };
}

interface Guard {
  readonly listed: ReadonlySet<string>;
  readonly lookup: Lookup;
}

async function follow(
  { maxRedirects = 0, maxBytes = DEFAULT_MAX_BYTES }: HttpRequest,
  first: Hop,
  { listed, lookup }: Guard,
  signal: AbortSignal,
): Promise<Omit<HttpResponse, 'durationMs'>> {
  let hop = first;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(hop, await admit(hop.url, listed, lookup), signal);
    const { location } = answer.headers;
    const status = answer.statusCode ?? 0;
    if (maxRedirects === 0 || location === undefined || !REDIRECTS.has(status)) {
      const body = await readBody(answer, hop.method, maxBytes);
      return { status, headers: joined(answer), body, url: hop.url.href };
    }
    answer.destroy();
    if (redirects === maxRedirects) {
      throw new PlaybookError('rejected', `${first.url.origin} redirects more than ${maxRedirects} times.`);
    }
    hop = redirected(hop, status, location);
  }
}

async function lookUp(hostname: string): Promise<readonly string[]> {
  const found = await systemLookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

async function exchange(hop: Hop, admitted: Admitted, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, body } = hop;
  const secure = url.protocol === 'https:';
  const request = (secure ? tlsRequest : plainRequest)({
    hostname: admitted.hostname,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    method,
    headers: { ...hop.headers, host: url.host, 'accept-encoding': ACCEPT_ENCODING, ...lengthOf(body) },
    agent: secure ? tlsAgent : plainAgent,
    lookup: toChecked(admitted.addresses),
    signal,
  });
  // Errors of the body are passed to the request; otherwise its reader would only see a connection reset.
  request.once('response', (begun) => request.on('error', (error) => begun.destroy(error)));
  request.end(body);
  const [answer]: unknown[] = await once(request, 'response');
  if (!(answer instanceof IncomingMessage)) throw new TypeError('The HTTP client answered without a response.');
  return answer;
}

function lengthOf(body: string | undefined): Headers {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

/** A look-up that returns the checked addresses without a query. */
function toChecked(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_hostname, options, callback) => {
    const [first] = found;
    if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

function redirected(hop: Hop, status: number, location: string): Hop {
  const url = parseUrl(location, hop.url);
  const sameOrigin = url.origin === hop.url.origin;
  const headers = sameOrigin ? hop.headers : neutralHeaders(hop.headers);
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  if (becomesGet) return { url, method: 'GET', headers: withoutBody(headers), body: undefined };
  if (!sameOrigin && hop.body !== undefined) {
    throw new PlaybookError(
      'rejected',
      `${hop.url.origin} redirects to another origin, which would receive the body of the request.`,
    );
  }
  return { ...hop, url, headers };
}

function withoutBody(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-type'));
}

function joined(answer: IncomingMessage): Headers {
  const entries = Object.entries(answer.headers).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.join(', ') : (value ?? '')];
  });
  return Object.fromEntries(entries);
}
