import type Anthropic from '@anthropic-ai/sdk';
import { PlaybookError } from '#core/failure.ts';
import type { LanguageModel, ModelReply, ModelRequest } from '#ports/language-model.ts';
import { withinLimit } from '../call-limit.ts';
import { directFetch } from './direct-fetch.ts';
import { anthropicFailure } from './failures.ts';
import { fromWire, toWire } from './message-format.ts';
import { withoutVariables } from './without-variables.ts';

/** How Claude is reached. */
export interface AnthropicOptions {
  readonly apiKey: string;
  /** Where the API is; Anthropic's own unless said otherwise. */
  readonly baseUrl?: string | undefined;
}

/**
 * Claude behind the port: one request each, no retries, no sampling parameters, a limit of our own. Key, address and
 * headers are those given here, whatever variables, profiles and proxies the machine has.
 */
export function anthropicModel(options: AnthropicOptions): LanguageModel {
  let opened: Promise<Anthropic> | undefined;
  return {
    async complete(request) {
      const limit = { signal: request.signal, timeoutMs: request.timeoutMs, what: 'Claude' };
      try {
        const client = await (opened ??= open(options));
        return await withinLimit(limit, (signal) => send(client, request, signal));
      } catch (thrown) {
        throw await anthropicFailure(thrown, request.model, new Date());
      }
    },
  };
}

async function open({ apiKey, baseUrl }: AnthropicOptions): Promise<Anthropic> {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    const message =
      'ANTHROPIC_API_KEY is empty or holds a space, a line break or a letter outside ASCII: copy it again.';
    throw new PlaybookError('unauthenticated', message);
  }
  const { default: Client } = await import('@anthropic-ai/sdk');
  const settings = {
    apiKey,
    baseURL: baseUrl ?? 'https://api.anthropic.com',
    fetch: directFetch,
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
  } as const;
  // The SDK reads headers, credentials, its log level and more from the environment while it is constructed.
  return withoutVariables('ANTHROPIC_', () => new Client(settings));
}

async function send(client: Anthropic, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
  const body = await toWire(request);
  const options = { body, timeout: request.timeoutMs, signal, maxRetries: 0 };
  // `post`, because turns that go back as they came may hold blocks that the types of `messages.create` do not know.
  const response = await client.post('/v1/messages', options).asResponse();
  return fromWire(await response.text(), response.headers.get('request-id') ?? undefined);
}
