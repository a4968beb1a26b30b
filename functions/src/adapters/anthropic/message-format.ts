import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { PlaybookError } from '../../engine/failure.ts';
import type { ModelContent, ModelMessage, ModelReply, ModelRequest, ModelTool } from '../../ports/language-model.ts';

type WireRequest = Anthropic.MessageCreateParamsNonStreaming;

const CACHED = { cache_control: { type: 'ephemeral' } } as const;

const ToolSchema = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

/** What of a reply we rely on; blocks of other types are passed over. */
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
  usage: z.object({
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_read_input_tokens: z.number().nullish(),
    cache_creation_input_tokens: z.number().nullish(),
  }),
  _request_id: z.string().nullish(),
});

const STOP_REASONS: Readonly<Record<string, ModelReply['stopReason']>> = {
  end_turn: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
  refusal: 'refusal',
};

/** The body of a request to `/v1/messages`; what does not change between turns is marked for the prompt cache. */
export async function toWire(request: ModelRequest): Promise<WireRequest> {
  const { model, system, messages, tools, outputSchema, maxTokens } = request;
  return {
    model,
    max_tokens: maxTokens,
    messages: messages.map(messageToWire),
    ...(system === '' ? {} : { system: [{ type: 'text' as const, text: system, ...CACHED }] }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolToWire) }),
    ...(outputSchema === undefined ? {} : { output_config: await outputFormat(outputSchema) }),
  };
}

/** The reply in our words. Throws `output_invalid` where it is not a message. */
export function fromWire(reply: unknown): ModelReply {
  const parsed = WireReply.safeParse(reply);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PlaybookError(
      'output_invalid',
      `Claude answered with something that is not a message: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''}.`,
    );
  }
  const { model, content, stop_reason: stopReason, usage, _request_id: requestId } = parsed.data;
  return {
    model,
    content: content.flatMap(blockFromWire),
    stopReason: STOP_REASONS[stopReason ?? ''] ?? 'other',
    usage: {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    },
    requestId: requestId ?? undefined,
  };
}

async function outputFormat(schema: Readonly<Record<string, unknown>>): Promise<Anthropic.OutputConfig> {
  // Bounds that structured output does not know move into descriptions; whoever asked checks them on the answer.
  const { transformJSONSchema } = await import('@anthropic-ai/sdk/lib/transform-json-schema');
  return { format: { type: 'json_schema', schema: transformJSONSchema(schema) } };
}

/** The last tool carries the mark: the cache holds everything up to it. */
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

function messageToWire({ role, content }: ModelMessage): Anthropic.MessageParam {
  // The API refuses empty texts, and a model that calls a tool may leave one.
  const blocks = content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  return { role, content: blocks.map(blockToWire) };
}

function blockToWire(block: ModelContent): Anthropic.ContentBlockParam {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: block.input };
    case 'tool_result':
      return { type: 'tool_result', tool_use_id: block.toolUseId, content: block.content, is_error: block.isError };
  }
}

function blockFromWire(block: z.infer<typeof WireReply>['content'][number]): readonly ModelContent[] {
  if ('text' in block) return [{ type: 'text', text: block.text }];
  if ('input' in block) return [{ type: 'tool_use', id: block.id, name: block.name, input: block.input }];
  return [];
}
