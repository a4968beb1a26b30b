import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import type { ModelContent, ModelMessage, ModelReply, ModelRequest, ModelTool } from '#ports/language-model.ts';
import { exactJson } from './exact-json.ts';

/** Content is sent back as received, so it is not restricted to the block types that this SDK version knows. */
type WireMessage = { readonly role: ModelMessage['role']; readonly content: readonly unknown[] };
type WireRequest = Omit<Anthropic.MessageCreateParamsNonStreaming, 'messages'> & { messages: readonly WireMessage[] };

const CACHED = { cache_control: { type: 'ephemeral' } } as const;

const ToolSchema = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

/** The parts of a reply that we rely on. */
const WireReply = z.object({
  type: z.literal('message'),
  model: z.string(),
  content: z.array(
    z.union([
      z.object({ type: z.literal('text'), text: z.string() }),
      z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.json() }),
      z.object({ type: z.string().refine((type) => type !== 'text' && type !== 'tool_use') }),
    ]),
  ),
  stop_reason: z.string().nullable(),
  stop_details: z.looseObject({ explanation: z.string().nullish(), category: z.string().nullish() }).nullish(),
  usage: z.object({
    input_tokens: z.number(),
    output_tokens: z.number(),
    output_tokens_details: z.looseObject({ thinking_tokens: z.number().nullish() }).nullish(),
    cache_read_input_tokens: z.number().nullish(),
    cache_creation_input_tokens: z.number().nullish(),
  }),
});
type WireReply = z.infer<typeof WireReply>;

const STOP_REASONS: ReadonlyMap<string | null, ModelReply['stopReason']> = new Map([
  ['end_turn', 'end_turn'],
  ['tool_use', 'tool_use'],
  ['max_tokens', 'max_tokens'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause_turn'],
  ['model_context_window_exceeded', 'context_full'],
]);

/**
 * The body of a request to `/v1/messages`; the parts that do not change between turns are marked for the prompt cache.
 */
export async function toWire(request: ModelRequest): Promise<WireRequest> {
  const { model, system, messages, tools, maxTokens } = request;
  const outputConfig = await outputConfigOf(request);
  return {
    model,
    max_tokens: maxTokens,
    messages: messages.map(messageToWire),
    ...(system === '' ? {} : { system: [{ type: 'text' as const, text: system, ...CACHED }] }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolToWire) }),
    ...(outputConfig === undefined ? {} : { output_config: outputConfig }),
  };
}

/** Parses the reply from the text of the answer. Throws `output_invalid` if it is not a message. */
export function fromWire(text: string, requestId: string | undefined): ModelReply {
  const reply = wireReplyOf(text);
  const received = partsOf(text);
  return {
    model: reply.model,
    content: reply.content.map((block, index) => blockFromWire(block, received[index] ?? '')),
    stopReason: STOP_REASONS.get(reply.stop_reason) ?? 'other',
    refusal: refusalOf(reply),
    usage: {
      inputTokens: reply.usage.input_tokens,
      outputTokens: reply.usage.output_tokens,
      cacheReadTokens: reply.usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: reply.usage.cache_creation_input_tokens ?? 0,
    },
    thinkingTokens: reply.usage.output_tokens_details?.thinking_tokens ?? undefined,
    requestId,
  };
}

function wireReplyOf(text: string): WireReply {
  const parsed = WireReply.safeParse(jsonOf(text, (json) => JSON.parse(json)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PlaybookError(
    'output_invalid',
    `Claude answered with something that is not a message: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''}.`,
  );
}

function refusalOf({ stop_reason: stopReason, stop_details: stopped }: WireReply): string | undefined {
  return stopReason === 'refusal' ? (stopped?.explanation ?? stopped?.category ?? undefined) : undefined;
}

/** The blocks of a message, each as received. */
function partsOf(text: string): readonly string[] {
  const { content } = z.object({ content: z.array(z.unknown()) }).parse(jsonOf(text, exactJson));
  return content.map((block) => JSON.stringify(block));
}

function jsonOf(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (thrown) {
    throw new PlaybookError('output_invalid', 'Claude answered with something that is not JSON.', { cause: thrown });
  }
}

async function outputConfigOf({ outputSchema, effort }: ModelRequest): Promise<Anthropic.OutputConfig | undefined> {
  if (outputSchema === undefined && effort === undefined) return undefined;
  return {
    ...(effort === undefined ? {} : { effort }),
    ...(outputSchema === undefined ? {} : await outputFormat(outputSchema)),
  };
}

async function outputFormat(schema: Readonly<Record<string, unknown>>): Promise<Anthropic.OutputConfig> {
  // Limits that structured output does not support move into descriptions; the caller checks them on the answer.
  const { transformJSONSchema } = await import('@anthropic-ai/sdk/lib/transform-json-schema');
  return { format: { type: 'json_schema', schema: transformJSONSchema(schema) } };
}

/** The last tool has the mark: the cache contains everything up to it. */
function toolToWire(
  { name, description, inputSchema }: ModelTool,
  index: number,
  all: readonly ModelTool[],
): Anthropic.Tool {
  const schema = ToolSchema.safeParse(inputSchema);
  if (!schema.success) {
    throw new PlaybookError('input_invalid', `The input schema of the tool ${name} does not describe an object.`);
  }
  const { required, ...rest } = schema.data;
  const input = { ...rest, ...(required === undefined ? {} : { required }) };
  return { name, description, input_schema: input, ...(index === all.length - 1 ? CACHED : {}) };
}

function messageToWire({ role, content }: ModelMessage): WireMessage {
  // The API refuses empty texts, but a model that calls a tool may produce one.
  const blocks = content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  return { role, content: blocks.map(blockToWire) };
}

function blockToWire(block: ModelContent): unknown {
  switch (block.type) {
    case 'opaque':
      return exactJson(block.received);
    case 'text':
      return block.received === undefined ? { type: 'text', text: block.text } : exactJson(block.received);
    case 'tool_use': {
      const { id, name, input, received } = block;
      return received === undefined ? { type: 'tool_use', id, name, input } : exactJson(received);
    }
    case 'tool_result':
      return { type: 'tool_result', tool_use_id: block.toolUseId, content: block.content, is_error: block.isError };
  }
}

function blockFromWire(block: WireReply['content'][number], received: string): ModelContent {
  if ('text' in block) return { type: 'text', text: block.text, received };
  if ('input' in block) return { type: 'tool_use', id: block.id, name: block.name, input: block.input, received };
  return { type: 'opaque', kind: block.type, received };
}
