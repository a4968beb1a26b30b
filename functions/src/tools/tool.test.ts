import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { JsonValue } from '#core/json.ts';
import { DocumentsError, type DocumentsErrorCode } from '#ports/documents/documents.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { tools } from './index.ts';
import { defineTool, toolNamed } from './tool.ts';

function running(run: () => Promise<unknown>) {
  return defineTool({
    name: 'returning',
    summary: 'Returns something.',
    effect: 'none',
    input: z.strictObject({ wanted: z.string().default('x') }),
    output: JsonValue,
    example: {},
    run,
  });
}

const returning = (value: unknown) => running(async () => value);

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

  test('is not called with an unknown input', async () => {
    await expect(returning(1).call({ wnated: 'y' }, toolContext())).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('wnated'),
    });
  });

  test.each<[DocumentsErrorCode, string, string]>([
    ['unavailable', 'The database says no.', 'unavailable'],
    ['conflict', 'Another writer was faster.', 'unavailable'],
    ['denied', 'Missing permissions.', 'unauthenticated'],
    ['invalid', 'The query requires an index.', 'unconfigured'],
  ])('that meets a database that is %s (%s) fails as %s', async (databaseCode, message, code) => {
    const failing = running(async () => Promise.reject(new DocumentsError(databaseCode, message)));
    await expect(failing.call({}, toolContext())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test.each(tools.map((tool) => [tool.name, tool] as const))('%s accepts its own example', (_, tool) => {
    expect(tool.input.safeParse(tool.example).error).toBeUndefined();
  });

  test('has a unique name', () => {
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  });

  test('that is misspelled is suggested by its correct name', () => {
    expect(() => toolNamed(tools, 'chekIntegrations')).toThrow(/Did you mean 'checkIntegrations'/);
  });
});
