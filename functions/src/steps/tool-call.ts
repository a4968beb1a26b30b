import { z } from 'zod';
import { JsonValue } from '#core/json.ts';
import { toolNamed } from '#tools/tool.ts';
import { defineStep } from './definition/define-step.ts';

const fields = {
  tool: z.string().min(1).max(100).describe('The name of the tool to call.'),
  with: z.record(z.string(), JsonValue).default({}).describe('The input of the tool.'),
};

/** Calls a tool. Effect and output are those of the tool. */
export const toolCall = defineStep({
  type: 'tool_call',
  summary: 'Calls a tool and records its result.',
  fields,
  output: JsonValue,
  example: { id: 'integrations', type: 'tool_call', tool: 'checkIntegrations', with: { timeoutMs: 5000 } },
  defaultTimeoutMs: 60_000,
  names: { tool: 'tool', toolInput: 'with' },
  readAs: {
    input: [
      { as: 'facts', fields: { Tool: 'tool' } },
      { as: 'data', field: 'with' },
    ],
  },
  effect: (step, { tools }) => toolNamed(tools, fields.tool.safeParse(step['tool']).data ?? '').effect,
  outsideEffects(step, { tools }) {
    const read = Written.safeParse(step).data;
    const tool = tools.find(({ name }) => name === read?.tool);
    if (read === undefined || tool === undefined || tool.effect === 'none') return [];
    return [tool.outsideWords(read.with)];
  },
  run({ tool, with: input }, { executionId, idempotencyKey, signal, clock }, ports) {
    return toolNamed(ports.tools, tool).call(input, {
      ports,
      caller: 'step',
      executionId,
      idempotencyKey,
      signal,
      clock,
    });
  },
});

const Written = z.looseObject(fields);
