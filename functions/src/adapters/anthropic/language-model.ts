import type Anthropic from '@anthropic-ai/sdk';
import type { LanguageModel, ModelRequest } from '../../ports/language-model.ts';
import { withinLimit } from '../call-limit.ts';
import { anthropicFailure } from './failures.ts';
import { fromWire, toWire } from './message-format.ts';

/** How Claude is reached. */
export interface AnthropicOptions {
  readonly apiKey: string;
  /** Where the API is; Anthropic's own unless said otherwise. */
  readonly baseUrl?: string | undefined;
}

/** Claude behind the port: one request each, no retries, no sampling parameters, a limit of our own. */
export function anthropicModel({ apiKey, baseUrl }: AnthropicOptions): LanguageModel {
  let opened: Promise<Anthropic> | undefined;

  async function open(): Promise<Anthropic> {
    const { default: Client } = await import('@anthropic-ai/sdk');
    // The address is given in any case, so that no variable or profile of the machine decides where data goes.
    return new Client({ apiKey, baseURL: baseUrl ?? 'https://api.anthropic.com', maxRetries: 0, logLevel: 'off' });
  }

  async function send(client: Anthropic, request: ModelRequest, signal: AbortSignal): Promise<unknown> {
    const { timeoutMs } = request;
    const message = await client.messages.create(await toWire(request), { timeout: timeoutMs, signal, maxRetries: 0 });
    return message;
  }

  return {
    async complete(request) {
      const limit = { signal: request.signal, timeoutMs: request.timeoutMs, what: 'Claude' };
      try {
        const client = await (opened ??= open());
        return fromWire(await withinLimit(limit, (signal) => send(client, request, signal)));
      } catch (thrown) {
        throw await anthropicFailure(thrown, request.model, new Date());
      }
    },
  };
}
