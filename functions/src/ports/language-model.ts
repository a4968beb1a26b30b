import type { Json, JsonObject } from '#core/json.ts';

/** A tool as described to a model. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input: `type: object`. */
  readonly inputSchema: JsonObject;
}

/**
 * A part of an answer exactly as received, in the model's own format. Only the adapter that created it reads it, to
 * send it back unchanged: models verify their earlier output and refuse it if anything is missing.
 */
export type ReceivedPart = string;

/**
 * One part of a message. A part of an answer contains its received form; a part of a type we do not read is `opaque`.
 */
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

/** The message of one side in its turn. */
export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ModelContent[];
}

/** How much a model should think before it answers; its own choice by default. */
export type ModelEffort = 'low';

/** One request to a model, with everything it may know. */
export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** If set, the only text of the answer must be JSON of this schema. */
  readonly outputSchema?: JsonObject;
  /** The maximum output, including thinking. */
  readonly maxTokens: number;
  readonly effort?: ModelEffort;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The tokens of one request. */
export interface ModelUsage {
  readonly inputTokens: number;
  /** Including thinking. */
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** A model's answer, and why it stopped. */
export interface ModelReply {
  readonly model: string;
  readonly content: readonly ModelContent[];
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'pause_turn' | 'context_full' | 'other';
  /** Why it refused, in its own words, if it says. */
  readonly refusal?: string | undefined;
  readonly usage: ModelUsage;
  /** How many of the output tokens were thinking; undefined if unknown. */
  readonly thinkingTokens?: number | undefined;
  readonly requestId: string | undefined;
}

/** A language model. */
export interface LanguageModel {
  /**
   * Sends one request, without retries: those are up to the engine. Throws `rate_limited` (429, with `retryAfterMs` if
   * the reply contains it), `budget_exceeded` (429 of a spend limit, without retry-after; 402, no credit),
   * `unavailable` (529, 5xx, network), `timeout`, `unauthenticated` (401, 403), `rejected` (400, 404, 413),
   * `output_invalid` (a reply that is not a message), `internal` (a bug in our code). `details.status` contains the
   * HTTP status.
   */
  complete(request: ModelRequest): Promise<ModelReply>;
}
