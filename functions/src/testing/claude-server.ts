import { jsonReply, startLocalServer, type LocalReply, type LocalRequest, type LocalServer } from './local-server.ts';
import { checkClaudeRequest, type ClaudeRequest } from './claude-request.ts';

/** What the server is to answer. Everything but `text` and `tool_use` is trouble of one kind. */
export type ClaudeReply =
  | { readonly kind: 'text'; readonly text: string; readonly usage?: Partial<ClaudeUsage> }
  | { readonly kind: 'tool_use'; readonly name: string; readonly input: unknown; readonly text?: string }
  /** Several tools at once. */
  | { readonly kind: 'tool_uses'; readonly uses: readonly { readonly name: string; readonly input: unknown }[] }
  | { readonly kind: 'refusal'; readonly text?: string }
  | { readonly kind: 'max_tokens'; readonly text: string }
  /** 200 with this body, which is no message. */
  | { readonly kind: 'garbage'; readonly body: string; readonly contentType?: string }
  | { readonly kind: 'rate_limited'; readonly retryAfter?: string }
  | { readonly kind: 'spend_limit' }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'error'; readonly status: number; readonly type: string; readonly message: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

export interface ClaudeUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

/** A local server that speaks Claude's Messages API, and refuses what Claude's refuses. */
export interface ClaudeServer extends LocalServer {
  /** The requests that were well formed, in order. */
  readonly requests: ClaudeRequest[];
  /** The messages of the refusals, in order: a test that expects none looks here. */
  readonly refusals: string[];
  /** Answers in order, before `answer` is asked. */
  readonly replies: ClaudeReply[];
}

export interface ClaudeServerOptions {
  /** The one key that is accepted; any unless said otherwise. */
  readonly apiKey?: string;
  readonly models?: readonly string[];
  /** What to say once `replies` is empty; `number` counts the requests from 0. */
  readonly answer?: (request: ClaudeRequest, number: number) => ClaudeReply;
}

const MODELS = ['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5-5'];

/** Starts the server on a free port of this machine. */
export async function startClaudeServer(options: ClaudeServerOptions = {}): Promise<ClaudeServer> {
  const requests: ClaudeRequest[] = [];
  const refusals: string[] = [];
  const replies: ClaudeReply[] = [];
  let count = 0;
  const server = await startLocalServer((request) => {
    count += 1;
    const requestId = `req_local_${count}`;
    const refusal = refusalOf(request, options.apiKey);
    if (refusal !== undefined) {
      refusals.push(refusal.message);
      return errorReply(refusal, requestId);
    }
    const checked = checkClaudeRequest(request.body, options.models ?? MODELS);
    if ('refusal' in checked) {
      refusals.push(checked.refusal.message);
      return errorReply(checked.refusal, requestId);
    }
    requests.push(checked.request);
    const reply = replies.shift() ?? options.answer?.(checked.request, requests.length - 1);
    return replyOnWire(reply ?? NOT_SCRIPTED, checked.request, requestId);
  });
  return { ...server, requests, refusals, replies };
}

const NOT_SCRIPTED: ClaudeReply = {
  kind: 'error',
  status: 500,
  type: 'api_error',
  message: 'No reply was scripted for this request.',
};

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

function refusalOf({ method, url, headers }: LocalRequest, apiKey: string | undefined): Refusal | undefined {
  if (method !== 'POST' || url.pathname !== '/v1/messages') {
    return { status: 404, type: 'not_found_error', message: 'Not Found' };
  }
  // A key is taken in either header; Anthropic's SDK sends it as a bearer token since its version 1.
  const key = headers['x-api-key'] ?? /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
  if (key === undefined) return { status: 401, type: 'authentication_error', message: 'x-api-key header is required' };
  if (apiKey !== undefined && key !== apiKey) {
    return { status: 401, type: 'authentication_error', message: 'invalid x-api-key' };
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(headers['anthropic-version'] ?? '')) {
    return { status: 400, type: 'invalid_request_error', message: 'anthropic-version: header is required' };
  }
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return { status: 400, type: 'invalid_request_error', message: 'content-type: must be application/json' };
  }
  return undefined;
}

function replyOnWire(reply: ClaudeReply, request: ClaudeRequest, requestId: string): LocalReply {
  switch (reply.kind) {
    case 'text':
      return message(request, requestId, { blocks: [textBlock(reply.text)], stop: 'end_turn', usage: reply.usage });
    case 'tool_use': {
      const said = reply.text === undefined ? [] : [textBlock(reply.text)];
      return message(request, requestId, { blocks: [...said, toolUse(reply, requestId, 0)], stop: 'tool_use' });
    }
    case 'tool_uses':
      return message(request, requestId, {
        blocks: reply.uses.map((use, index) => toolUse(use, requestId, index)),
        stop: 'tool_use',
      });
    case 'refusal':
      return message(request, requestId, {
        blocks: reply.text === undefined ? [] : [textBlock(reply.text)],
        stop: 'refusal',
      });
    case 'max_tokens':
      return message(request, requestId, { blocks: [textBlock(reply.text)], stop: 'max_tokens' });
    case 'garbage': {
      const headers = { 'content-type': reply.contentType ?? 'application/json', 'request-id': requestId };
      return { kind: 'reply', status: 200, headers, body: reply.body };
    }
    case 'rate_limited': {
      const headers = reply.retryAfter === undefined ? {} : { 'retry-after': reply.retryAfter };
      const text = 'This request would exceed the rate limit for your organization.';
      return errorReply({ status: 429, type: 'rate_limit_error', message: text }, requestId, { headers });
    }
    case 'spend_limit': {
      const details = { error_code: 'enforced_spend_limit_reached' };
      const text = 'You have reached your specified API usage limits.';
      return errorReply({ status: 429, type: 'rate_limit_error', message: text }, requestId, { details });
    }
    case 'overloaded':
      return errorReply({ status: 529, type: 'overloaded_error', message: 'Overloaded' }, requestId);
    case 'error':
      return errorReply(reply, requestId);
    case 'hang':
    case 'cut':
      return reply;
  }
}

interface Told {
  readonly blocks: readonly unknown[];
  readonly stop: string;
  readonly usage?: Partial<ClaudeUsage> | undefined;
}

function message(request: ClaudeRequest, requestId: string, { blocks, stop, usage }: Told): LocalReply {
  const body = {
    id: `msg_${requestId}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: blocks,
    stop_reason: stop,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: { ...countTokens(request, blocks), ...usage },
  };
  return jsonReply(200, body, { 'request-id': requestId });
}

/** About four characters make a token; what matters is that the counts follow from the texts. */
function countTokens(request: ClaudeRequest, blocks: readonly unknown[]): ClaudeUsage {
  return {
    input_tokens: Math.ceil(JSON.stringify(request.messages).length / 4),
    output_tokens: Math.ceil(JSON.stringify(blocks).length / 4),
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: Math.ceil(JSON.stringify(request.system ?? '').length / 4),
  };
}

function textBlock(text: string): unknown {
  return { type: 'text', text, citations: null };
}

function toolUse(
  { name, input }: { readonly name: string; readonly input: unknown },
  requestId: string,
  index: number,
): unknown {
  return { type: 'tool_use', id: `toolu_${requestId}_${index}`, name, input };
}

function errorReply(
  { status, type, message: text }: Refusal,
  requestId: string,
  { headers = {}, details }: { headers?: Readonly<Record<string, string>>; details?: unknown } = {},
): LocalReply {
  const error = { type, message: text, ...(details === undefined ? {} : { details }) };
  return jsonReply(status, { type: 'error', error, request_id: requestId }, { 'request-id': requestId, ...headers });
}
