import type { ClaudeRefusal, SaidTurn } from './claude-turns.ts';
import type { ClaudeRequest } from './claude-request.ts';
import { jsonReply, type LocalReply } from './local-server.ts';

/** What the server should answer. Most kinds are failures. */
export type ClaudeReply =
  | { readonly kind: 'text'; readonly text: string; readonly usage?: Partial<ClaudeUsage> }
  | { readonly kind: 'tool_use'; readonly name: string; readonly input: unknown; readonly text?: string }
  /** Several tools at once. */
  | { readonly kind: 'tool_uses'; readonly uses: readonly { readonly name: string; readonly input: unknown }[] }
  /** Any blocks and any reason to stop: thinking, blocks of unknown types. */
  | {
      readonly kind: 'message';
      readonly content: readonly Readonly<Record<string, unknown>>[];
      readonly stop: string;
      readonly usage?: Partial<ClaudeUsage>;
    }
  | { readonly kind: 'refusal'; readonly text?: string; readonly explanation?: string }
  | { readonly kind: 'max_tokens'; readonly text: string }
  /** 200 with this body, which is not a message. */
  | { readonly kind: 'garbage'; readonly body: string; readonly contentType?: string }
  | { readonly kind: 'rate_limited'; readonly retryAfter?: string }
  | { readonly kind: 'spend_limit' }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'error'; readonly status: number; readonly type: string; readonly message: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

/** The tokens of a reply, in the API's terms. */
export interface ClaudeUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number } | null;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

/** The model's turn in a reply; undefined if it has none. */
export function saidBy(reply: ClaudeReply, requestId: string): SaidTurn | undefined {
  return isSpoken(reply) ? toldBy(reply, requestId) : undefined;
}

/** The reply to `request` as sent over the wire. */
export function replyOnWire(reply: ClaudeReply, request: ClaudeRequest, requestId: string): LocalReply {
  switch (reply.kind) {
    case 'hang':
    case 'cut':
      return reply;
    case 'garbage': {
      const headers = { 'content-type': reply.contentType ?? 'application/json', 'request-id': requestId };
      return { kind: 'reply', status: 200, headers, body: reply.body };
    }
    case 'rate_limited': {
      const headers = reply.retryAfter === undefined ? {} : { 'retry-after': reply.retryAfter };
      const text = 'This request would exceed the rate limit for your organization.';
      return errorOnWire({ status: 429, type: 'rate_limit_error', message: text }, requestId, { headers });
    }
    case 'spend_limit': {
      const details = { error_code: 'enforced_spend_limit_reached' };
      const text = 'You have reached your specified API usage limits.';
      return errorOnWire({ status: 429, type: 'rate_limit_error', message: text }, requestId, { details });
    }
    case 'overloaded':
      return errorOnWire({ status: 529, type: 'overloaded_error', message: 'Overloaded' }, requestId);
    case 'error':
      return errorOnWire(reply, requestId);
    default:
      return message(request, requestId, toldBy(reply, requestId));
  }
}

type Spoken = Extract<ClaudeReply, { kind: 'text' | 'tool_use' | 'tool_uses' | 'message' | 'refusal' | 'max_tokens' }>;

const SPOKEN: ReadonlySet<string> = new Set(['text', 'tool_use', 'tool_uses', 'message', 'refusal', 'max_tokens']);

function isSpoken(reply: ClaudeReply): reply is Spoken {
  return SPOKEN.has(reply.kind);
}

function toldBy(reply: Spoken, requestId: string): Told {
  switch (reply.kind) {
    case 'text':
      return { content: [textBlock(reply.text)], stop: 'end_turn', usage: reply.usage };
    case 'tool_use': {
      const said = reply.text === undefined ? [] : [textBlock(reply.text)];
      return { content: [...said, toolUse(reply, requestId, 0)], stop: 'tool_use' };
    }
    case 'tool_uses':
      return { content: reply.uses.map((use, index) => toolUse(use, requestId, index)), stop: 'tool_use' };
    case 'refusal':
      return {
        content: reply.text === undefined ? [] : [textBlock(reply.text)],
        stop: 'refusal',
        details: { type: 'refusal', category: null, explanation: reply.explanation ?? null },
      };
    case 'message':
      return { content: reply.content, stop: reply.stop, usage: reply.usage };
    case 'max_tokens':
      return { content: [textBlock(reply.text)], stop: 'max_tokens' };
  }
}

interface Told extends SaidTurn {
  readonly details?: unknown;
  readonly usage?: Partial<ClaudeUsage> | undefined;
}

function message(request: ClaudeRequest, requestId: string, { content, stop, details, usage }: Told): LocalReply {
  const body = {
    id: `msg_${requestId}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    stop_details: details ?? null,
    container: null,
    diagnostics: null,
    usage: { ...countTokens(request, content), ...usage },
  };
  return jsonReply(200, body, { 'request-id': requestId });
}

/** About four characters make a token; the counts only need to depend on the texts. */
function countTokens(request: ClaudeRequest, content: readonly unknown[]): ClaudeUsage {
  return {
    input_tokens: Math.ceil(JSON.stringify(request.messages).length / 4),
    output_tokens: Math.ceil(JSON.stringify(content).length / 4),
    output_tokens_details: null,
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

/** An error in the format of Claude's API. */
export function errorOnWire(
  { status, type, message: text }: ClaudeRefusal,
  requestId: string,
  { headers = {}, details }: { headers?: Readonly<Record<string, string>>; details?: unknown } = {},
): LocalReply {
  const error = { type, message: text, ...(details === undefined ? {} : { details }) };
  return jsonReply(status, { type: 'error', error, request_id: requestId }, { 'request-id': requestId, ...headers });
}
