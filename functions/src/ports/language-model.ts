import type { Json, JsonObject } from '../engine/json.ts';

/** A tool as a model is told of it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input: `type: object`. */
  readonly inputSchema: JsonObject;
}

/** One part of a message. */
export type ModelContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Json }
  | { readonly type: 'tool_result'; readonly toolUseId: string; readonly content: string; readonly isError: boolean };

/** What one side says in its turn. */
export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ModelContent[];
}

/** One question to a model, with everything that it may know. */
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

/** The tokens of one request. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** What a model answered, and why it stopped. */
export interface ModelReply {
  readonly model: string;
  readonly content: readonly ModelContent[];
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'other';
  readonly usage: ModelUsage;
  readonly requestId: string | undefined;
}

/** Asks a model. */
export interface LanguageModel {
  /**
   * One request, never repeated here: the engine retries.
   * Throws `rate_limited` (429, with `retryAfterMs` where the reply says so), `budget_exceeded` (429 of a spend limit,
   * without retry-after), `unavailable` (529, 5xx, network), `timeout`, `unauthenticated` (401, 403), `rejected` (400,
   * 404, 413), `output_invalid` (a reply that is not a message).
   */
  complete(request: ModelRequest): Promise<ModelReply>;
}
