import type { Json, JsonObject } from '#core/json.ts';

/** A tool as a model is told of it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input: `type: object`. */
  readonly inputSchema: JsonObject;
}

/**
 * A part of an answer exactly as the model's side wrote it, in the words of its own format. Only the adapter that made it
 * reads it, to give it back unchanged: models verify what they said before, and refuse it where anything is missing.
 */
export type ReceivedPart = string;

/** One part of a message. A part of an answer carries how it came; one of a type that we do not read is `opaque`. */
export type ModelContent =
  | { readonly type: 'text'; readonly text: string; readonly received?: ReceivedPart }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: Json;
      readonly received?: ReceivedPart;
    }
  | { readonly type: 'opaque'; readonly kind: string; readonly received: ReceivedPart }
  | { readonly type: 'tool_result'; readonly toolUseId: string; readonly content: string; readonly isError: boolean };

/** What one side says in its turn. */
export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ModelContent[];
}

/** How much a model is to think before it answers; its own measure unless said otherwise. */
export type ModelEffort = 'low';

/** One question to a model, with everything that it may know. */
export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** Asks for JSON of this schema as the only text of the answer. */
  readonly outputSchema?: JsonObject;
  /** What it may write at most, its thinking included. */
  readonly maxTokens: number;
  readonly effort?: ModelEffort;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The tokens of one request. */
export interface ModelUsage {
  readonly inputTokens: number;
  /** Thinking included. */
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** What a model answered, and why it stopped. */
export interface ModelReply {
  readonly model: string;
  readonly content: readonly ModelContent[];
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'pause_turn' | 'context_full' | 'other';
  /** Why it refused, in its own words, where it says so. */
  readonly refusal?: string | undefined;
  readonly usage: ModelUsage;
  /** How many of the output tokens were thinking; undefined where the model's side does not say. */
  readonly thinkingTokens?: number | undefined;
  readonly requestId: string | undefined;
}

/** Asks a model. */
export interface LanguageModel {
  /**
   * One request, never repeated here: the engine retries.
   * Throws `rate_limited` (429, with `retryAfterMs` where the reply says so), `budget_exceeded` (429 of a spend limit,
   * without retry-after; 402, no credit), `unavailable` (529, 5xx, network), `timeout`, `unauthenticated` (401, 403),
   * `rejected` (400, 404, 413), `output_invalid` (a reply that is not a message), `internal` (a fault of ours). What the
   * model's side answered stands in `details.status`.
   */
  complete(request: ModelRequest): Promise<ModelReply>;
}
