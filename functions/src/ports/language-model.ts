import type { Json, JsonObject } from '../engine/json.ts';

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input: `type: object`. */
  readonly inputSchema: JsonObject;
}

export type ModelContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Json }
  | { readonly type: 'tool_result'; readonly toolUseId: string; readonly content: string; readonly isError: boolean };

export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ModelContent[];
}

export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** Asks for JSON of this schema as the only text of the answer. */
  readonly outputSchema?: JsonObject;
  readonly maxTokens: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export interface ModelReply {
  readonly model: string;
  readonly content: readonly ModelContent[];
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'other';
  readonly usage: ModelUsage;
  readonly requestId: string | undefined;
}

export interface LanguageModel {
  /**
   * One request, never repeated here: the engine retries.
   * Throws `rate_limited` (429, with `retryAfterMs` where the reply says so), `budget_exceeded` (429 of a spend limit,
   * without retry-after), `unavailable` (529, 5xx, network), `timeout`, `unauthenticated` (401, 403), `rejected` (400,
   * 404, 413), `output_invalid` (a reply that is not a message).
   */
  complete(request: ModelRequest): Promise<ModelReply>;
}
