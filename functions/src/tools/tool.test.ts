import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { JsonValue } from '#core/json.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { toolNamed, tools } from './index.ts';
import { defineTool } from './tool.ts';

function returning(value: unknown) {
  return defineTool({
    name: 'returning',
    summary: 'Returns something.',
    effect: 'none',
    input: z.strictObject({ wanted: z.string().default('x') }),
    output: JsonValue,
    example: {},
    run: async () => value,
  });
}

describe('a tool', () => {
  test.each([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a map with a function inside', { deep: [{ here: () => 1 }] }],
  ])('that returns %s fails with a contract failure', async (_, value) => {
    await expect(returning(value).call({}, toolContext())).rejects.toMatchObject({ code: 'output_invalid' });
  });

  test('is not called with an input that it does not know', async () => {
    await expect(returning(1).call({ wnated: 'y' }, toolContext())).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('wnated'),
    });
  });

  test('that meets a failure of the database fails with a reason that its step can record', async () => {
    const failing = defineTool({
      ...returning(1),
      example: {},
      run: async () => Promise.reject(new DocumentsError('conflict', 'Somebody else was faster.')),
    });
    await expect(failing.call({}, toolContext())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Somebody else was faster.',
    });
  });

  test.each(tools.map((tool) => [tool.name, tool] as const))('%s accepts its own example', (_, tool) => {
    expect(tool.input.safeParse(tool.example).error).toBeUndefined();
  });

  test('has a name that no other tool has', () => {
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  });

  test('that is misspelt is suggested by its right name', () => {
    expect(() => toolNamed('chekIntegrations')).toThrow(/Did you mean 'checkIntegrations'/);
  });
});
