import { z } from 'zod';
import { JsonValue, type Json } from '#core/json.ts';
import { toolNamed } from '#tools/index.ts';
import { readFields } from './read-fields.ts';
import type { StepDefinition } from './step-definition.ts';

const fields = {
  tool: z.string().min(1).max(100).describe('The tool to call, by name.'),
  with: z.record(z.string(), JsonValue).default({}).describe('The input of the tool.'),
};

/** Calls a tool. Its effect is the tool's, and so is its output. */
export const toolCall: StepDefinition = {
  kind: 'action',
  type: 'tool_call',
  summary: 'Calls a tool and keeps what it returns.',
  fields,
  output: JsonValue,
  example: { id: 'integrations', type: 'tool_call', tool: 'checkIntegrations', with: { timeoutMs: 5000 } },
  defaultTimeoutMs: 60_000,
  effect: (step) => toolNamed(readFields({ tool: fields.tool }, step).tool).effect,
  run(input, { executionId, idempotencyKey, signal, clock }, ports): Promise<Json> {
    const { tool, with: toolInput } = readFields(fields, input);
    return toolNamed(tool).call(toolInput, { ports, caller: 'step', executionId, idempotencyKey, signal, clock });
  },
};
