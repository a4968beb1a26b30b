import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { PayloadRef } from '#engine/record/attempt.ts';
import type { NextState } from '#engine/record/execution-store.ts';
import type { StepRecord, SucceededStep } from '#engine/record/step-schema.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aFailedExecution, aRunningExecution, aSucceededExecution } from '#testing/builders/an-execution.ts';
import { FIRST_FORMAT } from '../store/record-format.ts';
import { EXECUTIONS, executionStore } from './executions.ts';
import { loadOutput, loadOutputText } from './execution-outputs.ts';

const NOON = new Date('2026-11-20T12:00:00.000Z');
const RUNNING = aRunningExecution(NOON, { id: 'e1' });

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

async function fields(): Promise<Readonly<Record<string, unknown>>> {
  return (await documents.get(`${EXECUTIONS}/e1`))?.data ?? {};
}

function aStep(path: string): SucceededStep {
  const times = { startedAt: NOON, completedAt: NOON, durationMs: 0 };
  const attempt = { ...times, number: 1, status: 'succeeded' as const, input: {}, output: 1 };
  return { ...times, path, id: path, type: 'tool_call', order: 0, status: 'succeeded', attempts: [attempt] };
}

/** Creates the execution and changes it once. */
async function changed(next: NextState, steps: readonly StepRecord[], stepsExecuted: number): Promise<void> {
  const store = executionStore(documents);
  const created = await store.create(RUNNING);
  if (created.kind !== 'written') throw new Error('The execution exists already.');
  const byPath = new Map(steps.map((step) => [step.path, step]));
  const written = await store.write(
    'e1',
    { steps: byPath, stepsExecuted, next, expireAt: RUNNING.expireAt },
    created.fence,
  );
  expect(written).toMatchObject({ kind: 'written' });
}

describe('the record of an execution', () => {
  const lease = { ...RUNNING.lease, nonce: 'runner-1:7' };
  const wakeAt = new Date(NOON.getTime() + 60_000);

  test('that runs says after each step how many were executed, under the new lease, and keeps its deadline', async () => {
    await changed({ kind: 'running', lease, wakeAt }, [aStep('a'), aStep('b')], 2);

    const { deadlineAt } = RUNNING;
    expect(await fields()).toMatchObject({ status: 'running', stepsExecuted: 2, lease, wakeAt, deadlineAt });
    expect(Object.keys(Object(await fields())['steps'])).toEqual(['a', 'b']);
  });

  test('whose lease is renewed changes in nothing else', async () => {
    await changed({ kind: 'running', lease, wakeAt }, [], 0);
    const { lease: renewed, wakeAt: next, ...rest } = await fields();

    await documents.commit([{ kind: 'delete', path: `${EXECUTIONS}/e1` }]);
    await executionStore(documents).create(RUNNING);
    const { lease: first, ...before } = await fields();
    expect([renewed, next, first, rest]).toEqual([lease, wakeAt, RUNNING.lease, before]);
  });

  test.each([
    ['succeeded', 'ended', aSucceededExecution],
    ['failed', 'ended', aFailedExecution],
    ['succeeded', 'ended_short', aSucceededExecution],
    ['failed', 'ended_short', aFailedExecution],
  ] as const)(
    'that %s (%s) has no lease and no deadline any more, and all that it ended with',
    async (_, kind, build) => {
      const steps = { a: aStep('a') };
      const finished = build(NOON, { id: 'e1', steps, stepsExecuted: 1 });

      await changed({ kind, finished }, [aStep('a')], 1);

      const { facets, format, ...stored } = await fields();
      expect(stored).toEqual(withoutUndefined(finished));
      expect(format).toBe(FIRST_FORMAT);
      for (const gone of ['lease', 'deadlineAt', 'wakeAt']) expect(stored).not.toHaveProperty(gone);
      expect(JSON.stringify(facets).includes('failure:unavailable')).toBe(finished.status === 'failed');
    },
  );
});

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

const PART = 300_000;
const owner = { id: 'e1', expireAt: RUNNING.expireAt };

async function saved(text: string) {
  const json = JSON.stringify(text);
  return { json, ref: await executionStore(documents).saveOutput(owner, 'one', json) };
}

/** Not the text itself, of which a failing test would show every character. */
async function lengthOf(ref: PayloadRef): Promise<number> {
  return (await loadOutputText(documents, ref)).length;
}

describe('a large output', () => {
  // The JSON begins with a quotation mark, so that a pair begins at every second character.
  test.each([
    ['one part', 'x'.repeat(PART - 2), 1],
    ['a part and a character', 'x'.repeat(PART - 1), 2],
    ['two parts', 'x'.repeat(2 * PART - 2), 2],
    ['emoji before the cut', `${'x'.repeat(PART - 3)}😀${'x'.repeat(10)}`, 2],
    ['emoji across the cut', `${'x'.repeat(PART - 2)}😀${'x'.repeat(10)}`, 2],
    ['emoji behind the cut', `${'x'.repeat(PART - 1)}😀${'x'.repeat(10)}`, 2],
    ['nothing but emoji, from an even character', '😀'.repeat(PART), 3],
    ['nothing but emoji, from an odd character', `x${'😀'.repeat(PART)}`, 3],
  ])('of %s comes back as it was', async (_, text, parts) => {
    const { json, ref } = await saved(text);

    expect((await loadOutput(documents, ref)) === text).toBe(true);
    const stored = await documents.query({ collection: `${EXECUTIONS}/e1/outputs` });
    const texts = stored.map(({ data }) => z.string().parse(data['json']));
    expect(texts.every((part) => part.isWellFormed() && part.length <= PART)).toBe(true);
    expect(texts.join('') === json).toBe(true);
    expect(stored.map(({ data: { json: __, ...data } }) => data)).toEqual(
      Array.from({ length: parts }, (__, part) => {
        const { bytes, sha256 } = ref;
        return { stepPath: 'one', bytes, sha256, part, parts, expireAt: owner.expireAt };
      }),
    );
    expect(ref.bytes).toBe(Buffer.byteLength(json));
  });

  test.each<readonly [string, string, string, string | number]>([
    ['a character changed', '', 'json', `"y${'x'.repeat(PART - 2)}`],
    ['its first part cut short', '', 'json', '"'],
    ['a later part changed', '~1', 'json', 'y"'],
    ['a later part emptied', '~1', 'json', ''],
    ['fewer parts promised', '', 'parts', 1],
    ['more parts promised', '~1', 'parts', 3],
    ['no number of parts', '', 'parts', 'two'],
    ['a number for a text', '~1', 'json', 7],
  ])('that was damaged in the database is not read as if it were sound: %s', async (_, part, field, value) => {
    const { ref } = await saved('x'.repeat(PART));
    const changes = [{ field: [field], value }];
    await documents.commit([{ kind: 'update', path: `${ref.path}${part}`, changes }]);

    await expect(lengthOf(ref)).rejects.toMatchObject({
      code: 'internal',
      message: `The output at ${ref.path} is missing or is not what was saved.`,
    });
  });

  test.each(['', '~1'])('of which a part is missing is not read: %j', async (part) => {
    const { ref } = await saved('x'.repeat(PART));
    await documents.commit([{ kind: 'delete', path: `${ref.path}${part}` }]);

    await expect(lengthOf(ref)).rejects.toMatchObject({ code: 'internal' });
  });
});
