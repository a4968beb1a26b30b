import { z } from 'zod';
import { type ClaudeRefusal, type SaidTurn, turnsProblem } from './claude-turns.ts';

const CacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).nullish();
const Text = z.strictObject({
  type: z.literal('text'),
  text: z.string().regex(/\S/, 'text content blocks must be non-empty'),
  cache_control: CacheControl,
  citations: z.array(z.looseObject({ type: z.string() })).nullish(),
});
const ToolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().min(1).max(200),
  input: z.record(z.string(), z.json()),
  cache_control: CacheControl,
  caller: z.looseObject({ type: z.string() }).optional(),
});
const ToolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  content: z.union([z.string(), z.array(Text)]).optional(),
  is_error: z.boolean().optional(),
  cache_control: CacheControl,
});
/** Thinking and other blocks from a model: accepted only if this server sent them. */
const Said = z.looseObject({ type: z.string().refine((type) => !['text', 'tool_use', 'tool_result'].includes(type)) });
const Block = z.union([z.discriminatedUnion('type', [Text, ToolUse, ToolResult]), Said]);
const Content = z.union([z.string().min(1), z.array(Block)]);
const Message = z.strictObject({ role: z.enum(['user', 'assistant']), content: Content });
const Tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  cache_control: CacheControl,
});

/** The body of `POST /v1/messages`, as far as this server supports it. */
export const ClaudeRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().min(1).max(128_000),
  messages: z.array(Message).min(1, 'at least one message is required'),
  system: z.union([z.string(), z.array(Text)]).optional(),
  tools: z.array(Tool).optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
      format: z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.json()) }),
    })
    .optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  stop_sequences: z.array(z.string()).optional(),
});
export type ClaudeRequest = z.infer<typeof ClaudeRequest>;

/**
 * The checks of Claude's API before the model gets a request. Returns the request, or the refusal in the API's words. `said` are
 * the model's turns so far, in all conversations.
 */
export function checkClaudeRequest(
  body: string,
  models: readonly string[],
  said: readonly SaidTurn[] = [],
): { readonly request: ClaudeRequest } | { readonly refusal: ClaudeRefusal } {
  const json = parsed(body);
  const sampling = ['temperature', 'top_p', 'top_k'].find(
    (name) => typeof json === 'object' && json !== null && name in json,
  );
  if (sampling !== undefined) return invalid(`${sampling}: this parameter is not supported in this API version.`);
  const request = ClaudeRequest.safeParse(json);
  if (!request.success) {
    const [issue] = request.error.issues;
    return invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  if (!models.includes(request.data.model)) {
    return { refusal: { status: 404, type: 'not_found_error', message: `model: ${request.data.model}` } };
  }
  const wrong =
    messagesProblem(request.data) ??
    turnsProblem(request.data.messages, said) ??
    toolsProblem(request.data) ??
    formatProblem(request.data);
  return wrong === undefined ? { request: request.data } : invalid(wrong);
}

function messagesProblem({ messages }: ClaudeRequest): string | undefined {
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  for (const [index, { content }] of messages.entries()) {
    if (content.length === 0) return `messages.${index}: all messages must have non-empty content`;
    const before = idsOf(messages[index - 1], 'tool_use');
    const answered = idsOf(messages[index], 'tool_result');
    const unexpected = answered.find((id) => !before.includes(id));
    if (unexpected !== undefined) {
      return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unexpected}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    const missing = before.find((id) => !answered.includes(id));
    if (missing !== undefined) {
      return `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing}.`;
    }
  }
  return undefined;
}

function idsOf(message: z.infer<typeof Message> | undefined, type: 'tool_use' | 'tool_result'): readonly string[] {
  if (message === undefined || typeof message.content === 'string') return [];
  return message.content.flatMap((block) => {
    const id =
      block.type === 'tool_use' ? block['id'] : block.type === 'tool_result' ? block['tool_use_id'] : undefined;
    return block.type === type && typeof id === 'string' ? [id] : [];
  });
}

function toolsProblem({ tools = [], messages, system }: ClaudeRequest): string | undefined {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) return 'tools: Tool names must be unique.';
  if (tools.length === 0 && messages.some((message) => idsOf(message, 'tool_use').length > 0)) {
    return 'Requests which include `tool_use` or `tool_result` blocks must define tools.';
  }
  const marks = JSON.stringify({ tools, messages, system }).split('"cache_control":{').length - 1;
  return marks > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.` : undefined;
}

/** The parts of JSON Schema that structured output does not support. */
const UNSUPPORTED = ['minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'maxItems', 'pattern', '$schema'];

function formatProblem({ output_config: config }: ClaudeRequest): string | undefined {
  return config === undefined ? undefined : schemaProblem(config.format.schema);
}

function schemaProblem(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if (Array.isArray(schema)) return firstProblem(schema);
  const entries = Object.entries(schema);
  const fields = new Map<string, unknown>(entries);
  if (fields.get('type') === 'object' && fields.get('additionalProperties') !== false) {
    return "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  const unsupported = fields.has('type') ? UNSUPPORTED.find((name) => fields.has(name)) : undefined;
  if (unsupported !== undefined) {
    return `output_config.format.schema: For '${String(fields.get('type'))}' type, property '${unsupported}' is not supported`;
  }
  return firstProblem(entries.map(([, value]) => value));
}

function firstProblem(schemas: readonly unknown[]): string | undefined {
  return schemas.map(schemaProblem).find((problem) => problem !== undefined);
}

function invalid(message: string): { readonly refusal: ClaudeRefusal } {
  return { refusal: { status: 400, type: 'invalid_request_error', message } };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
