import { z } from 'zod';
import { jsonReply, startLocalServer, type LocalReply, type LocalRequest, type LocalServer } from './local-server.ts';
import { MailjetMessage, messageRefusals, type MailjetRefusal } from './mailjet-message.ts';

/** One mail that the server accepted. */
export interface TakenMail {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly customId: string;
}

/** A fault for one request. `…_after_accept`: the mails are accepted, but the answer never comes, or is cut off. */
export type MailjetFault =
  | { readonly kind: 'status'; readonly status: number; readonly message: string; readonly retryAfter?: string }
  /** No fault: this request is answered as usual. */
  | { readonly kind: 'none' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang_after_accept' }
  | { readonly kind: 'cut_after_accept' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'redirect'; readonly location: string };

/** A local server with Mailjet's Send API v3.1 and its message search, which refuses what Mailjet refuses. */
export interface MailjetServer extends LocalServer {
  readonly mails: TakenMail[];
  /** Answers the next requests with these, one each. */
  readonly faults: MailjetFault[];
  /** Addresses for which Mailjet refuses mail, with the status in the answer (200 for the others). */
  readonly refusedAddresses: Map<string, number>;
  /** Requests so far, as `METHOD /path`. */
  readonly calls: string[];
}

/** The account on the server. */
export interface MailjetServerOptions {
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** The validated sender addresses; any by default. */
  readonly senders?: readonly string[];
}

/** Mailjet's limit for all messages of one request together. */
const MAX_REQUEST_BYTES = 15_000_000;

const SendBody = z.strictObject({
  Messages: z.array(MailjetMessage).min(1).max(50),
  SandboxMode: z.boolean().optional(),
});

/** Starts the server on a free port of this machine. */
export async function startMailjetServer(options: MailjetServerOptions = {}): Promise<MailjetServer> {
  const mails: TakenMail[] = [];
  const faults: MailjetFault[] = [];
  const refusedAddresses = new Map<string, number>();
  const calls: string[] = [];
  const server = await startLocalServer((request) => {
    calls.push(`${request.method} ${request.url.pathname}`);
    const fault = faults.shift();
    const trouble = fault === undefined ? undefined : faultOnWire(fault);
    if (trouble !== undefined) return trouble;
    const reply = answer({ request, options, mails, refusedAddresses });
    if (fault?.kind === 'cut_after_accept') return { kind: 'cut' };
    return fault?.kind === 'hang_after_accept' ? { kind: 'hang' } : reply;
  });
  return { ...server, mails, faults, refusedAddresses, calls };
}

interface Exchange {
  readonly request: LocalRequest;
  readonly options: MailjetServerOptions;
  readonly mails: TakenMail[];
  readonly refusedAddresses: ReadonlyMap<string, number>;
}

function answer(exchange: Exchange): LocalReply {
  const { request, options } = exchange;
  const { apiKey = 'key', apiSecret = 'secret' } = options;
  const expected = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  if (request.headers['authorization'] !== expected) {
    return refuse({ status: 401, code: 'mj-0002', message: 'API key authentication/authorization failure.' });
  }
  const { pathname } = request.url;
  if (request.method === 'POST' && pathname === '/v3.1/send') return takeMails(exchange);
  if (request.method === 'GET' && pathname.toLowerCase() === '/v3/rest/message') return findMails(exchange);
  return refuse({ status: 404, code: 'mj-0001', message: 'Object not found' });
}

function takeMails({ request, options, mails, refusedAddresses }: Exchange): LocalReply {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return refuse({ status: 415, code: 'mj-0007', message: 'Unsupported media type' });
  }
  if (Buffer.byteLength(request.body) > MAX_REQUEST_BYTES) {
    return refuse({ status: 413, code: 'mj-0009', message: 'Request entity too large.' });
  }
  const body = SendBody.safeParse(parsed(request.body));
  if (!body.success) {
    const [issue] = body.error.issues;
    return refuse({ status: 400, code: 'mj-0004', message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
  }
  const verdicts = body.data.Messages.map((message) => {
    const refusals = messageRefusals(message, { senders: options.senders, refusedAddresses });
    return refusals.length > 0 ? errorOf(message, refusals) : acceptedBy(mails, message);
  });
  // Like the real one: 400 only if no mail was accepted.
  const anyTaken = verdicts.some(({ Status }) => Status === 'success');
  return withRawNumbers(anyTaken ? 200 : 400, { Messages: verdicts });
}

function acceptedBy(mails: TakenMail[], message: MailjetMessage) {
  // Mailjet's ids exceed JavaScript's safe integers.
  const id = String(1_152_921_504_606_846_977n + BigInt(mails.length));
  const to = message.To?.[0]?.Email ?? '';
  mails.push({
    id,
    from: message.From?.Email ?? '',
    to,
    subject: message.Subject ?? '',
    text: message.TextPart ?? '',
    html: message.HTMLPart ?? '',
    customId: message.CustomID ?? '',
  });
  const href = `https://api.mailjet.com/v3/REST/message/${id}`;
  const taken = { Email: to, MessageUUID: `uuid-${id}`, MessageID: rawNumber(id), MessageHref: href };
  return { Status: 'success', Errors: [], CustomID: message.CustomID ?? '', To: [taken], Cc: [], Bcc: [] };
}

function errorOf(message: MailjetMessage, refusals: readonly MailjetRefusal[]) {
  return {
    Status: 'error',
    Errors: refusals.map(errorOnWire),
    CustomID: message.CustomID ?? '',
    To: [],
    Cc: [],
    Bcc: [],
  };
}

function findMails({ request, mails }: Exchange): LocalReply {
  const wanted = request.url.searchParams.get('CustomID');
  const limit = Number(request.url.searchParams.get('Limit') ?? 10);
  const found = mails.filter(({ customId }) => wanted === null || customId === wanted).slice(0, limit);
  const data = found.map(({ id, customId, subject }) => {
    return { ID: rawNumber(id), UUID: `uuid-${id}`, CustomID: customId, Subject: subject, Status: 'sent' };
  });
  return withRawNumbers(200, { Count: data.length, Data: data, Total: data.length });
}

/** The answer instead of any action; undefined if the request is to be processed first. */
function faultOnWire(fault: MailjetFault): LocalReply | undefined {
  if (fault.kind === 'none' || fault.kind === 'hang_after_accept' || fault.kind === 'cut_after_accept') {
    return undefined;
  }
  if (fault.kind === 'garbage') return { kind: 'reply', status: 200, body: '<html>down for maintenance</html>' };
  if (fault.kind === 'redirect') {
    return { kind: 'reply', status: 307, headers: { location: fault.location }, body: '' };
  }
  if (fault.kind !== 'status') return fault;
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
  return refuse({ status: fault.status, code: 'mj-0000', message: fault.message }, headers);
}

function refuse(refusal: MailjetRefusal, headers: Readonly<Record<string, string>> = {}): LocalReply {
  return jsonReply(refusal.status, errorOnWire(refusal), headers);
}

function errorOnWire({ status, code, message, related }: MailjetRefusal): unknown {
  const error = { ErrorIdentifier: `id-${code}`, ErrorCode: code, StatusCode: status, ErrorMessage: message };
  return related === undefined ? error : { ...error, ErrorRelatedTo: related };
}

/** Digits to write as a JSON number: Mailjet's ids exceed JavaScript's safe integers. */
function rawNumber(digits: string): string {
  return `#${digits}#`;
}

function withRawNumbers(status: number, body: unknown): LocalReply {
  const reply = jsonReply(status, body);
  return reply.kind === 'reply' ? { ...reply, body: reply.body.replaceAll(/"#(\d+)#"/g, '$1') } : reply;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
