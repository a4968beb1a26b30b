import { describe, expect, test } from 'vitest';
import type { Execution } from '#engine/record/execution.ts';
import type { Failure } from '#core/failure.ts';
import { openTestConsole } from '#console/testing/test-console.ts';
import { doneStep, failedStep, storeExecution, type ToStore } from '#console/testing/store-execution.ts';
import { differencesOf, isSame } from './differences.ts';
import { findExecution } from '#records/executions/seen-execution.ts';

const FAILURE: Failure = { code: 'timeout', class: 'transient', message: 'Too slow.' };
const LATENCY = { id: 'latency', value: 120, band: 'ok', unit: 'ms' } as const;

async function compared(before: ToStore, after: ToStore) {
  const console = await openTestConsole();
  try {
    const read = async (id: string, said: ToStore): Promise<Execution> => {
      await storeExecution(console.documents, { ...said, id });
      const execution = await findExecution(console.documents, id);
      if (execution === undefined) throw new Error('It was not stored.');
      return execution;
    };
    return differencesOf(await read('before', before), await read('after', after));
  } finally {
    await console.close();
  }
}

describe('what differs between two executions', () => {
  test('is nothing where steps, outputs, inputs and criteria are the same, in whatever order their fields are', async () => {
    const differences = await compared(
      {
        steps: [doneStep('a', { tookMs: 100, output: { x: 1, y: 2 } })],
        inputs: { days: 7, limit: 3 },
        criteria: [LATENCY],
      },
      {
        steps: [doneStep('a', { tookMs: 180, output: { y: 2, x: 1 } })],
        inputs: { limit: 3, days: 7 },
        criteria: [LATENCY],
      },
    );
    expect(isSame(differences)).toBe(true);
  });

  test('is a step that ended otherwise, that took much longer, or that only one came to', async () => {
    const { steps } = await compared(
      {
        steps: [doneStep('a'), doneStep('b', { tookMs: 1_000 }), doneStep('c', { tookMs: 10 }), doneStep('only_then')],
      },
      {
        status: 'failed',
        failure: FAILURE,
        steps: [failedStep('a', FAILURE), doneStep('b', { tookMs: 1_600 }), doneStep('c', { tookMs: 200 })],
      },
    );
    expect(steps.map(({ path }) => path)).toEqual(['a', 'b', 'only_then']);
  });

  test('is an output that changed, beside the record too', async () => {
    const ref = (sha256: string) => ({ path: 'p', bytes: 1e6, sha256, preview: '' });
    const large = (path: string, sha256: string) => doneStep(path, { outputRef: ref(sha256) });
    const { outputs } = await compared(
      { steps: [doneStep('a', { output: { n: 1 } }), large('b', 'x'), large('c', 'x'), doneStep('d')] },
      { steps: [doneStep('a', { output: { n: 2 } }), large('b', 'y'), large('c', 'x'), doneStep('d')] },
    );
    expect(outputs).toEqual([
      { path: 'a', before: { n: 1 }, after: { n: 2 } },
      { path: 'b', before: undefined, after: undefined },
    ]);
  });

  test('is an input, a version and a measured value, also one that was not measured before', async () => {
    const differences = await compared(
      { inputs: { days: 7 }, criteria: [LATENCY] },
      {
        inputs: { days: 30 },
        version: 'v2',
        criteria: [
          { ...LATENCY, value: 900, band: 'warn' },
          { ...LATENCY, id: 'new' },
        ],
      },
    );
    expect(differences).toMatchObject({
      isOtherVersion: true,
      inputs: [{ name: 'days', before: 7, after: 30 }],
      criteria: [
        { name: 'latency', before: { value: 120 }, after: { value: 900 } },
        { name: 'new', before: undefined, after: { value: 120 } },
      ],
    });
  });
});
