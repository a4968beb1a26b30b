import type { Client, Request } from 'node-mailjet';
import { withinLimit } from '../call-limit.ts';
import { callFailure } from '../network-error.ts';
import type { MailjetAnswer } from './failures.ts';

/** How Mailjet is reached. */
export interface MailjetAccess {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where the API is; Mailjet's own unless said otherwise. */
  readonly baseUrl?: string | undefined;
  /** Our limit for one call. */
  readonly timeoutMs: number;
}

/** One call of Mailjet's API, in the words of its client. */
export interface MailjetCall {
  readonly method: 'get' | 'post';
  readonly resource: string;
  readonly version: `v${number}` | `v${number}.${number}`;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Makes calls. Rejects with `timeout`, `interrupted`, `unavailable`, `rejected` (an answer that breaks HTTP) and `internal`; any status is an answer. */
export type MailjetExchange = (call: MailjetCall, signal: AbortSignal) => Promise<MailjetAnswer>;

interface Sdk {
  readonly client: Client;
  /** The whole numbers of Mailjet do not fit into those of JavaScript and become texts; what is no JSON becomes `{}`. */
  readonly parseJson: (text: string) => unknown;
}

/**
 * Calls that Mailjet's client words, and that we carry. By itself the client sends through whatever proxy the environment
 * names (past one that is named in plain http the mails and the key are readable), follows redirects with them, and cannot be cancelled.
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
  // Node's own loader finds no name in this package but `default`.
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
