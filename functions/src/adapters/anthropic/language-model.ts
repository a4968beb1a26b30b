import type Anthropic from '@anthropic-ai/sdk';
import { PlaybookError } from '#core/failure.ts';
import type { LanguageModel, ModelReply, ModelRequest } from '#ports/language-model.ts';
import { withinLimit } from '../call-limit.ts';
import { directFetch } from './direct-fetch.ts';
import { anthropicFailure } from './failures.ts';
import { fromWire, toWire } from './message-format.ts';
import { withoutVariables } from './without-variables.ts';

/** How to access Claude. */
export interface AnthropicOptions {
  readonly apiKey: string;
  /** The address of the API; Anthropic's by default. */
  readonly baseUrl?: string | undefined;
}

/**
 * The language model port on Claude: one request per call, no retries, no sampling parameters, our own time limit. Key,
 * address and headers are those given here, regardless of the machine's variables, profiles and proxies.
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
      'ANTHROPIC_API_KEY is empty or contains a space, a line break or a non-ASCII character: copy it again.';
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
  // The SDK's constructor reads headers, credentials, its log level and more from the environment.
  return withoutVariables('ANTHROPIC_', () => new Client(settings));
}

async function send(client: Anthropic, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
  const body = await toWire(request);
  const options = { body, timeout: request.timeoutMs, signal, maxRetries: 0 };
  // `post`, because turns sent back as received may contain blocks that the types of `messages.create` do not include.
  const response = await client.post('/v1/messages', options).asResponse();
  return fromWire(await response.text(), response.headers.get('request-id') ?? undefined);
}
