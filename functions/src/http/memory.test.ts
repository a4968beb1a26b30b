import { afterAll, beforeAll, expect, test } from 'vitest';
import { FUNCTION_MEMORY_MIB } from '#functions/function-memory.ts';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { runDenseOutputs } from '#testing/runner/dense-outputs.ts';

const AT_ONCE = 3;

let functions: BuiltFunctions;
beforeAll(async () => {
  functions = await buildFunctions();
}, 60_000);
afterAll(() => functions.remove());

test('three executions at once whose outputs are as large and dense as they may be end as failed, in words, within the memory of the function', async () => {
  const { answers, executions, peakMib } = await runDenseOutputs(functions.source, AT_ONCE);

  expect(answers.map(({ httpStatus }) => httpStatus)).toEqual(Array.from({ length: AT_ONCE }, () => 500));
  for (const execution of executions) {
    expect(execution).toMatchObject({
      status: 'failed',
      failedStep: 's4',
      failure: { code: 'output_too_large', message: expect.stringContaining('all outputs of this execution') },
    });
  }
  // Else nothing was looked at.
  expect(peakMib).toBeGreaterThan(100);
  expect(peakMib).toBeLessThan(FUNCTION_MEMORY_MIB);
}, 300_000);
