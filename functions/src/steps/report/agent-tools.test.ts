import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { tools } from '#tools/index.ts';
import { defineTool } from '#tools/tool.ts';
import { agentTools } from './agent-tools.ts';

const keys: string[] = [];
const echo = defineTool({
  name: 'echo',
  summary: 'Says what it hears.',
  effect: 'keyed',
  input: z.strictObject({ say: z.string(), loud: z.boolean().default(false) }),
  output: z.object({ heard: z.string() }),
  example: { say: 'hello' },
  run: async ({ say }, { idempotencyKey }) => {
    keys.push(idempotencyKey);
    if (say.startsWith('fail')) throw new PlaybookError('rejected', say);
    return { heard: say };
  },
});
const { signal } = new AbortController();

function inHand(attempt = 1) {
  const [tool] = agentTools([echo], stepContext({ attempt }), stepPorts({ secrets: ['canary-secret-1'] }));
  if (tool === undefined) throw new Error('The agent has no tool.');
  return tool;
}

describe("an agent's tool", () => {
  test('has the same idempotency key for the same input on every attempt, and a different one for other input', async () => {
    keys.length = 0;
    await inHand(1).call({ say: 'a', loud: true }, signal);
    await inHand(2).call({ loud: true, say: 'a' }, signal);
    await inHand(2).call({ say: 'b' }, signal);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(2);
  });

  test('checks its input', async () => {
    await expect(inHand().call({ say: 1 }, signal)).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test('shows no secret to the agent', async () => {
    expect(await inHand().call({ say: 'it is canary-secret-1' }, signal)).toEqual({ heard: 'it is [redacted]' });
  });

  test('shows no secret to the agent when it fails', async () => {
    await expect(inHand().call({ say: 'fail with canary-secret-1' }, signal)).rejects.toMatchObject({
      code: 'rejected',
      message: 'fail with [redacted]',
    });
  });

  test('lists required fields as required, and optional ones as optional', () => {
    expect(inHand().inputSchema).toMatchObject({ type: 'object', required: ['say'] });
  });
});

test.each(agentTools(tools, stepContext(), stepPorts()).map((tool) => [tool.name, tool] as const))(
  '%s can be offered to a model',
  (_, tool) => {
    expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    expect(tool.description).not.toBe('');
    expect(tool.inputSchema).toMatchObject({ type: 'object', properties: expect.any(Object) });
    expect(tool.inputSchema).not.toHaveProperty('$schema');
  },
);
