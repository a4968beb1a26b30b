import { z } from 'zod';
import { startLocalServer, type LocalReply, type LocalRequest, type LocalServer } from './local-server.ts';

/** One message that was posted. */
export interface PostedMessage {
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** A fault for one request. `hang_after_post`: the message appears, but the answer never comes. */
export type SlackFault =
  | { readonly kind: 'status'; readonly status: number; readonly word: string; readonly retryAfter?: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang_after_post' }
  | { readonly kind: 'cut' };

/** A local server that accepts what a Slack incoming webhook accepts, and refuses what it refuses, in its words. */
export interface SlackServer extends LocalServer {
  /** The only webhook. */
  readonly webhookUrl: string;
  readonly posted: PostedMessage[];
  /** Answers the next requests with these, one each. */
  readonly faults: SlackFault[];
}

const PATH = '/services/T00000000/B00000000/local';

const PlainText = z.strictObject({
  type: z.literal('plain_text'),
  text: z.string().min(1).max(3000),
  emoji: z.boolean().optional(),
});
const Mrkdwn = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3000),
  verbatim: z.boolean().optional(),
});
const Block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: PlainText.extend({ text: z.string().min(1).max(150) }) }),
  z.strictObject({ type: z.literal('section'), text: z.union([PlainText, Mrkdwn]) }),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([PlainText, Mrkdwn]))
      .min(1)
      .max(10),
  }),
  z.strictObject({ type: z.literal('divider') }),
]);
const Payload = z.strictObject({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
});

/** Starts the server on a free port of this machine. */
export async function startSlackServer(): Promise<SlackServer> {
  const posted: PostedMessage[] = [];
  const faults: SlackFault[] = [];
  const server = await startLocalServer((request) => {
    const fault = faults.shift();
    if (fault === undefined) return take(request, posted);
    switch (fault.kind) {
      case 'hang_after_post':
        take(request, posted);
        return { kind: 'hang' };
      case 'status':
        return say(fault.status, fault.word, fault.retryAfter);
      default:
        return fault;
    }
  });
  return { ...server, webhookUrl: `${server.url}${PATH}`, posted, faults };
}

function take({ method, url, headers, body }: LocalRequest, posted: PostedMessage[]): LocalReply {
  if (url.pathname !== PATH) return say(404, 'no_service');
  if (method !== 'POST' || !(headers['content-type'] ?? '').startsWith('application/json')) {
    return say(400, 'invalid_payload');
  }
  const payload = Payload.safeParse(parsed(body));
  if (!payload.success) return say(400, 'invalid_payload');
  const { text = '', blocks = [] } = payload.data;
  if (text === '' && blocks.length === 0) return say(400, 'no_text');
  if (text.length > 40_000) return say(400, 'msg_too_long');
  if (blocks.length > 50 || !blocks.every((block) => Block.safeParse(block).success)) return say(400, 'invalid_blocks');
  posted.push({ text, blocks });
  return say(200, 'ok');
}

function say(status: number, word: string, retryAfter?: string): LocalReply {
  const headers = { 'content-type': 'text/html', ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) };
  return { kind: 'reply', status, headers, body: word };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
