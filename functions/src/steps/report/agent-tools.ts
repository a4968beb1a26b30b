import { z } from 'zod';
import type { AgentTool } from '#agents/conversation/call-tools.ts';
import { PlaybookError } from '#core/failure.ts';
import { JsonValue, type JsonObject } from '#core/json.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { redactor } from '#core/redact/redact.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';
import type { Tool } from '#tools/tool.ts';

/**
 * Tools for an agent. A call with the same input has the same idempotency key on every attempt of the step, whatever the
 * agent did before; secrets are removed from what the agent sees.
 */
export function agentTools(tools: readonly Tool[], context: StepContext, ports: Ports): readonly AgentTool[] {
  const redact = redactor(() => ports.secrets.known());
  return tools.map((tool) => ({
    name: tool.name,
    description: tool.summary,
    inputSchema: inputSchema(tool),
    async call(input, signal) {
      const { executionId, clock } = context;
      const idempotencyKey = `${context.idempotencyKey}/${tool.name}/${jsonDigest(input).slice(0, 16)}`;
      try {
        return redact.json(
          await tool.call(input, { ports, caller: 'agent', executionId, idempotencyKey, signal, clock }),
        );
      } catch (thrown) {
        if (!(thrown instanceof PlaybookError)) throw thrown;
        throw new PlaybookError(thrown.code, redact.text(thrown.message), { cause: thrown });
      }
    },
  }));
}

function inputSchema(tool: Tool): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' });
  return z.record(z.string(), JsonValue).parse({ type: 'object', ...schema });
}
