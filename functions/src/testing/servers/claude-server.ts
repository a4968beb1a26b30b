import { errorOnWire, replyOnWire, saidBy, type ClaudeReply } from './claude-reply.ts';
import type { ClaudeRefusal, SaidTurn } from './claude-turns.ts';
import { checkClaudeRequest, type ClaudeRequest } from './claude-request.ts';
import { startLocalServer, type LocalRequest, type LocalServer } from './local-server.ts';

export type { ClaudeReply } from './claude-reply.ts';

/** A local server with Claude's Messages API, which refuses what Claude's API refuses. */
export interface ClaudeServer extends LocalServer {
  /** The valid requests, in order. */
  readonly requests: ClaudeRequest[];
  /** The messages of refusals, in order, for tests that expect none. */
  readonly refusals: string[];
  /** The first answers, in order, before `answer` is called. */
  readonly replies: ClaudeReply[];
}

/** What the server accepts and answers. */
export interface ClaudeServerOptions {
  /** The only accepted key; any key by default. */
  readonly apiKey?: string;
  readonly models?: readonly string[];
  /** The answer once `replies` is empty; `number` counts the requests from 0. */
  readonly answer?: (request: ClaudeRequest, number: number) => ClaudeReply;
}

const MODELS = ['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5-5'];

/** Starts the server on a free port of this machine. */
export async function startClaudeServer(options: ClaudeServerOptions = {}): Promise<ClaudeServer> {
  const requests: ClaudeRequest[] = [];
  const refusals: string[] = [];
  const replies: ClaudeReply[] = [];
  const said: SaidTurn[] = [];
  let count = 0;
  const server = await startLocalServer((request) => {
    count += 1;
    const requestId = `req_local_${count}`;
    const refusal = refusalOf(request, options.apiKey);
    if (refusal !== undefined) {
      refusals.push(refusal.message);
      return errorOnWire(refusal, requestId);
    }
    const checked = checkClaudeRequest(request.body, options.models ?? MODELS, said);
    if ('refusal' in checked) {
      refusals.push(checked.refusal.message);
      return errorOnWire(checked.refusal, requestId);
    }
    requests.push(checked.request);
    const reply = replies.shift() ?? options.answer?.(checked.request, requests.length - 1) ?? NOT_SCRIPTED;
    const turn = saidBy(reply, requestId);
    if (turn !== undefined) said.push(turn);
    return replyOnWire(reply, checked.request, requestId);
  });
  return { ...server, requests, refusals, replies };
}

const NOT_SCRIPTED: ClaudeReply = {
  kind: 'error',
  status: 500,
  type: 'api_error',
  message: 'No reply was scripted for this request.',
};

function refusalOf({ method, url, headers }: LocalRequest, apiKey: string | undefined): ClaudeRefusal | undefined {
  if (method !== 'POST' || url.pathname !== '/v1/messages') {
    return { status: 404, type: 'not_found_error', message: 'Not Found' };
  }
  // A key is accepted in either header; Anthropic's SDK has sent it as a bearer token since version 1.
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
