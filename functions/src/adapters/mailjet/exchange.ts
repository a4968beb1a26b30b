import type { Client, Request } from 'node-mailjet';
import { withinLimit } from '../call-limit.ts';
import { callFailure } from '../network-error.ts';
import type { MailjetAnswer } from './failures.ts';

/** How to access Mailjet. */
export interface MailjetAccess {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The address of the API; Mailjet's by default. */
  readonly baseUrl?: string | undefined;
  /** Our limit for one call. */
  readonly timeoutMs: number;
}

/** One call of Mailjet's API, in the terms of its client. */
export interface MailjetCall {
  readonly method: 'get' | 'post';
  readonly resource: string;
  readonly version: `v${number}` | `v${number}.${number}`;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * Makes calls. Rejects with `timeout`, `interrupted`, `unavailable`, `rejected` (an answer that violates HTTP) and
 * `internal`; resolves for any status.
 */
export type MailjetExchange = (call: MailjetCall, signal: AbortSignal) => Promise<MailjetAnswer>;

interface Sdk {
  readonly client: Client;
  /** Mailjet's integers exceed those of JavaScript and become texts; invalid JSON becomes `{}`. */
  readonly parseJson: (text: string) => unknown;
}

/**
 * Calls built by Mailjet's client and sent by us. The client itself sends through any proxy in the environment (a plain
 * http one could read the mails and the key), follows redirects with them, and cannot be cancelled.
 */
export function mailjetExchange(access: MailjetAccess): MailjetExchange {
  const { timeoutMs } = access;
  let opened: Promise<Sdk> | undefined;

  return async (call, signal) => {
    try {
      const sdk = await (opened ??= openSdk(access));
      return await withinLimit({ signal, timeoutMs, what: 'Mailjet' }, (limited) => carry(sdk, call, access, limited));
    } catch (thrown) {
      throw callFailure(thrown, 'Mailjet');
    }
  };
}

async function openSdk({ apiKey, apiSecret }: MailjetAccess): Promise<Sdk> {
  // Node's loader finds only `default` in this package.
  const { Client, Request } = (await import('node-mailjet')).default;
  return { client: new Client({ apiKey, apiSecret }), parseJson: (text) => Request.parseToJSONb(text) };
}

async function carry(sdk: Sdk, call: MailjetCall, access: MailjetAccess, signal: AbortSignal): Promise<MailjetAnswer> {
  const { method, resource, version, data = {}, query = {} } = call;
  const request = sdk.client[method](resource, { version });
  const { url } = await request.request(data, query, false);
  const response = await fetch(addressOf(url, query, access.baseUrl), {
    method,
    headers: headersOf(request),
    ...(method === 'post' ? { body: JSON.stringify(data) } : {}),
    redirect: 'manual',
    signal,
  });
  const body = sdk.parseJson(await response.text());
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

function headersOf(request: Request): Readonly<Record<string, string>> {
  const { apiKey, apiSecret } = request.getCredentials();
  return {
    authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`,
    'content-type': 'application/json',
    'user-agent': request.getUserAgent(),
  };
}

function addressOf(url: string, query: Readonly<Record<string, string>>, baseUrl: string | undefined): URL {
  const { pathname } = new URL(url);
  const address = baseUrl === undefined ? new URL(url) : new URL(baseUrl.replace(/\/$/, '') + pathname);
  address.search = new URLSearchParams(query).toString();
  return address;
}
