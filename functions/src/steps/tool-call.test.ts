import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Step } from '#language/playbook/playbook.ts';
import { attemptStep } from '#testing/builders/attempt-step.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { tools } from '#tools/index.ts';
import { toolCall } from './tool-call.ts';

const ports = stepPorts({ documents: sqliteDocuments({ file: ':memory:' }) });
const written = (tool: string) => Step.parse({ id: 'ask', type: 'tool_call', tool });

describe('a tool call', () => {
  test('returns what the tool returns', async () => {
    expect(
      await attemptStep(toolCall, { tool: 'getExecutionStats', with: { days: 3 } }, stepContext(), ports),
    ).toMatchObject({
      days: 3,
      executions: 0,
    });
  });

  test("without an input uses the tool's defaults", async () => {
    expect(await attemptStep(toolCall, { tool: 'getExecutionStats' }, stepContext(), ports)).toMatchObject({ days: 7 });
  });

  test('with an invalid input fails', async () => {
    const run = attemptStep(toolCall, { tool: 'getExecutionStats', with: { days: 'many' } }, stepContext(), ports);
    await expect(run).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test('of an unknown tool fails with a suggestion, before anything happens', async () => {
    const unknown = expect.objectContaining({
      code: 'unknown_tool',
      message: expect.stringContaining("'getSystemHealth'"),
    });
    expect(() => toolCall.effect(written('getSystemHelth'), ports)).toThrow(unknown);
    await expect(async () => attemptStep(toolCall, { tool: 'getSystemHelth' }, stepContext(), ports)).rejects.toThrow(
      unknown,
    );
  });

  test.each(tools.map(({ name, effect }) => [name, effect]))('of %s has its effect: %s', (name, effect) => {
    expect(toolCall.effect(written(name), ports)).toBe(effect);
  });
});
