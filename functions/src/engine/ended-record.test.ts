import { describe, expect, test } from 'vitest';
import { weightOf } from '#core/json-weight.ts';
import { PlaybookError } from '#core/failure.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import { aModelCall } from '#testing/builders/an-execution.ts';
import { aPlaybook, ended, EXECUTION_ID, finished, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { settle } from '#testing/builders/settle.ts';
import type { ExecutionStore } from './record/execution-store.ts';

const leave = scripted('leave', ({ with: value }) => value);
const fail = scripted('fail', () => {
  throw new PlaybookError('rejected', 'No.');
});
const at = (seconds: number) => new Date(Date.parse('2026-11-20T14:00:00.000Z') + seconds * 1_000);
const lasting = { completedAt: at(0), durationMs: 0 };
const header = {
  id: EXECUTION_ID,
  playbookId: 'ops_test',
  playbookName: 'Test',
  version: 'v1',
  slot: at(0),
  trigger: { kind: 'schedule' },
  labels: { team: 'ops' },
  inputs: {},
  agents: [],
  window: { start: new Date('2026-11-19T14:00:00.000Z'), end: at(0) },
  startedAt: at(0),
  expireAt: new Date('2027-12-25T14:00:00.000Z'),
  spend: { modelCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
  runner: 'runner-1',
  criteria: [],
};

describe('the record of an execution that has ended holds all this and nothing else', () => {
  const first = { path: 'one', id: 'one', type: 'leave', order: 0, startedAt: at(0), ...lasting };

  test('where it succeeded', async () => {
    const world = openEngineWorld([leave]);
    const steps = [
      { id: 'one', type: 'leave', with: 7 },
      { id: 'never', type: 'leave', if: 'false' },
    ];

    await world.run(aPlaybook(steps, { labels: { team: 'ops' } }));

    expect(await world.recorded()).toEqual({
      ...header,
      status: 'succeeded',
      success: true,
      error: null,
      completedAt: at(0),
      duration: 0,
      stepsExecuted: 1,
      results: { one: 7 },
      steps: {
        one: {
          ...first,
          status: 'succeeded',
          attempts: [{ number: 1, startedAt: at(0), ...lasting, input: { with: 7 }, status: 'succeeded', output: 7 }],
        },
        never: {
          path: 'never',
          id: 'never',
          type: 'leave',
          order: 1,
          startedAt: at(0),
          ...lasting,
          status: 'skipped',
          reason: 'Its if was false.',
          attempts: [],
        },
      },
    });
  });

  test('where it failed', async () => {
    const world = openEngineWorld([fail]);
    const failure = { code: 'rejected', class: 'rejected', message: 'No.' };

    await world.run(aPlaybook([{ id: 'one', type: 'fail' }], { labels: { team: 'ops' } }));

    expect(await world.recorded()).toEqual({
      ...header,
      status: 'failed',
      success: false,
      error: 'one: No.',
      failure,
      failedStep: 'one',
      completedAt: at(0),
      duration: 0,
      stepsExecuted: 1,
      results: {},
      steps: {
        one: {
          ...first,
          type: 'fail',
          status: 'failed',
          failure,
          continued: false,
          attempts: [{ number: 1, startedAt: at(0), ...lasting, input: {}, status: 'failed', failure }],
        },
      },
    });
  });
});

describe('results', () => {
  const resultsOf = async (...values: string[]) => {
    const world = openEngineWorld([leave]);
    await world.run(aPlaybook(values.map((value, index) => ({ id: `s${index}`, type: 'leave', with: value }))));
    return ended(await world.recorded()).results;
  };
  /** A text whose JSON takes so many bytes. */
  const ofBytes = (bytes: number) => 'x'.repeat(bytes - 2);

  test.each([
    ['4,095 bytes are repeated', ofBytes(4_095), true],
    ['4,096 bytes are repeated', ofBytes(4_096), true],
    ['4,097 bytes are named by where they lie', ofBytes(4_097), false],
    ['4,096 bytes of two each are repeated', 'é'.repeat(2_047), true],
    ['4,098 bytes of two each are named by where they lie', 'é'.repeat(2_048), false],
  ])('of %s', async (_, value, isRepeated) => {
    const bytes = Buffer.byteLength(JSON.stringify(value));

    expect(await resultsOf(value)).toEqual({ s0: isRepeated ? value : { bytes, at: 'steps.s0.attempts' } });
  });

  test.each([
    [65_535, true],
    [65_536, true],
    [65_537, false],
  ])('that take %i bytes together are all repeated: %s', async (total, isRepeated) => {
    const most = Array.from({ length: 16 }, () => ofBytes(4_000));
    const left = total - most.reduce((sum, value) => sum + weightOf(value), 0);
    const last = 'x'.repeat(left - 1);

    const { s16, ...others } = await resultsOf(...most, last);

    expect(Object.values(others)).toEqual(most);
    expect(s16).toEqual(isRepeated ? last : { bytes: last.length + 2, at: 'steps.s16.attempts' });
  });

  test('are in the order in which the steps began, also where the database gives the steps back in another', async () => {
    let runs = 0;
    const dies = scripted('dies', () => ((runs += 1) === 1 ? new Promise(() => undefined) : runs));
    const world = openEngineWorld([leave, dies]);
    const playbook = aPlaybook([
      ...['c', 'b', 'a'].map((id) => ({ id, type: 'leave', with: id })),
      { id: 'last', type: 'dies', timeout: '9m' },
    ]);
    void world.run(playbook, { engine: { ...world.engine, clock: { ...world.clock, after: () => () => undefined } } });
    await settle();
    world.clock.advance(61_000);

    const execution = ended(await world.run(playbook, { store: readingByName(world.engine.store) }));

    expect(Object.keys(execution.results)).toEqual(['c', 'b', 'a', 'last']);
  });
});

/** A store that gives the steps back sorted by their paths, as some databases do. */
function readingByName(store: ExecutionStore): ExecutionStore {
  return {
    ...store,
    async read(id) {
      const stored = await store.read(id);
      if (stored?.execution.status !== 'running') return stored;
      const { execution } = stored;
      const sorted = Object.entries(execution.steps).toSorted(([one], [other]) => one.localeCompare(other));
      return { ...stored, execution: { ...execution, steps: Object.fromEntries(sorted) } };
    },
  };
}

describe('the spend of an execution', () => {
  const spendOf = async (...calls: readonly ModelCall[]) => {
    const asks = scripted('asks', async (_, { recordModelCall }) => {
      for (const call of calls) await recordModelCall(call);
      return null;
    });
    const world = openEngineWorld([asks]);
    await world.run(aPlaybook([{ id: 'one', type: 'asks' }]));
    return finished(await world.recorded()).spend;
  };
  const call = aModelCall({ inputTokens: 1, outputTokens: 10, cacheReadTokens: 100, cacheWriteTokens: 1_000 });
  const free = { ...call, costUsd: 0 };
  const unpriced = { ...call, costUsd: null };

  test('counts every token that went in, also those that were written to or read from a cache', async () => {
    expect(await spendOf(call)).toEqual({ modelCalls: 1, inputTokens: 1_101, outputTokens: 10, costUsd: 0.25 });
  });

  test.each([
    ['no call', [], 0],
    ['priced calls', [call, call], 0.5],
    ['a call that was free', [free], 0],
    ['a priced call and one that was free', [call, free], 0.25],
    ['a call without a price', [unpriced], null],
    ['a priced call and one without a price after it', [call, unpriced], null],
    ['a priced call and one without a price before it', [unpriced, call], null],
    ['a free call and one without a price', [free, unpriced], null],
  ])('costs, with %s', async (_, calls, costUsd) => {
    expect(await spendOf(...calls)).toEqual({
      modelCalls: calls.length,
      inputTokens: 1_101 * calls.length,
      outputTokens: 10 * calls.length,
      costUsd,
    });
  });

  test('holds the calls of attempts that failed, and of those that the record leaves out', async () => {
    const flaky = scripted('flaky', async (_, { recordModelCall }) => {
      await recordModelCall(call);
      throw new PlaybookError('unavailable', 'Not there.');
    });
    const world = openEngineWorld([flaky]);
    const retry = { maxAttempts: 9, initialDelay: '1ms', maxDelay: '1ms' };

    await world.run(aPlaybook([{ id: 'one', type: 'flaky', retry }]));

    expect(finished(await world.recorded()).spend).toEqual({
      modelCalls: 9,
      inputTokens: 9_909,
      outputTokens: 90,
      costUsd: 2.25,
    });
  });
});
