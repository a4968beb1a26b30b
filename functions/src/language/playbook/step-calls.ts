import { z } from 'zod';
import { JsonValue } from '#core/json.ts';

/** Tokens and money of one request to a language model. `costUsd` is null if the price of the model is unknown. */
export const ModelCall = z.object({
  model: z.string(),
  startedAt: z.date(),
  durationMs: z.number(),
  stopReason: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  costUsd: z.number().nullable(),
  /** The date of the price list behind `costUsd`. */
  pricesAsOf: z.string(),
  requestId: z.string().nullable(),
});
export type ModelCall = z.infer<typeof ModelCall>;

/** One tool call that an agent made. `output` is shortened for reading. */
export const ToolCall = z.object({
  tool: z.string(),
  input: JsonValue,
  status: z.enum(['succeeded', 'failed']),
  output: z.string(),
  durationMs: z.number(),
});
export type ToolCall = z.infer<typeof ToolCall>;
