import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { aModelCall } from '#testing/builders/an-execution.ts';
import {
  aPlaybook,
  ended,
  EXECUTION_ID,
  openEngineWorld,
  type Script,
  scripted,
} from '#testing/builders/engine-world.ts';
import { settle } from '#testing/builders/settle.ts';
import type { ExecutionStore } from './record/execution-store.ts';

const leave = scripted('leave', ({ with: value }) => value ?? null);
const hangs = scripted('hangs', () => new Promise(() => undefined), { does: 'keyed' });
const fail = scripted('fail', () => {
  throw new PlaybookError('rejected', 'No.');
});
const at = (seconds: number) => new Date(Date.parse('2026-11-20T14:00:00.000Z') + seconds * 1_000);

describe('the record of a running execution', () => {
  test('counts every step that has run to an end: also those that failed, not those that were skipped or still run', async () => {
    const begun = Promise.withResolvers<void>();
    const last = scripted('hangs', () => (begun.resolve(), new Promise(() => undefined)), { does: 'keyed' });
    const world = openEngineWorld([leave, fail, last]);
    const steps = [
      { id: 'good', type: 'leave' },
      { id: 'bad', type: 'fail', onFailure: 'continue' },
      { id: 'odd', type: 'leave', if: '1', onFailure: 'continue' },
      { id: 'never', type: 'leave', if: 'false' },
      { id: 'chose', type: 'condition', if: 'true', then: [{ id: 'inside', type: 'leave' }] },
      { id: 'within', type: 'condition', if: 'true', then: [{ id: 'last', type: 'hangs' }] },
    ];

    void world.run(aPlaybook(steps));
    await begun.promise;

    const { stepsExecuted, steps: recorded } = await world.recorded();
    expect(Object.fromEntries(Object.values(recorded).map(({ path, status }) => [path, status]))).toEqual({
      good: 'succeeded',
      bad: 'failed',
      odd: 'failed',
      never: 'skipped',
      chose: 'succeeded',
      'chose.inside': 'succeeded',
      within: 'running',
      'within.last': 'running',
    });
    expect(stepsExecuted).toBe(5);
  });

  test('holds all this and nothing else', async () => {
    const world = openEngineWorld([hangs]);

    void world.run(aPlaybook([{ id: 'one', type: 'hangs' }]));
    await settle();

    expect(await world.recorded()).toEqual({
      id: EXECUTION_ID,
      playbookId: 'ops_test',
      playbookName: 'Test',
      version: 'v1',
      slot: at(0),
      trigger: { kind: 'schedule' },
      labels: {},
      inputs: {},
      agents: [],
      window: { start: new Date('2026-11-19T14:00:00.000Z'), end: at(0) },
      startedAt: at(0),
      expireAt: new Date('2027-12-25T14:00:00.000Z'),
      status: 'running',
      deadlineAt: at(600),
      wakeAt: new Date('2026-11-20T14:01:00.000Z'),
      stepsExecuted: 0,
      lease: { owner: 'runner-1', nonce: 'runner-1:1', durationMs: 60_000, takeovers: 0, interruptions: 0 },
      steps: {
        one: {
          path: 'one',
          id: 'one',
          type: 'hangs',
          order: 0,
          startedAt: at(0),
          status: 'running',
          attempts: [{ number: 1, startedAt: at(0), input: {}, status: 'running' }],
        },
      },
    });
  });
});

/** A store that keeps the seconds at which it was written to. */
function timedWrites(store: ExecutionStore, now: () => Date) {
  const seconds: number[] = [];
  const write: ExecutionStore['write'] = async (...args) => {
    seconds.push((now().getTime() - at(0).getTime()) / 1_000);
    return store.write(...args);
  };
  return { seconds, store: { ...store, write } };
}

describe('a lease', () => {
  test.each([
    [60_000, 20],
    [15_000, 5],
    [6_000, 2],
  ])('of %i ms is renewed at each third of it for as long as a step lasts', async (leaseMs, thirdSeconds) => {
    const world = openEngineWorld([hangs]);
    const { seconds, store } = timedWrites(world.engine.store, world.clock.now);
    const thirds = 12;
    void world.run(aPlaybook([{ id: 'one', type: 'hangs', timeout: '9m' }]), {
      engine: { ...world.engine, leaseMs },
      store,
    });

    for (let passed = 0; passed < thirds * thirdSeconds; passed += 1) {
      await settle();
      world.clock.advance(1_000);
    }
    await settle();

    expect(seconds).toEqual(Array.from({ length: thirds + 1 }, (_, third) => third * thirdSeconds));
  });

  test('is renewed a third after any other write, not in addition to it', async () => {
    const releases: (() => void)[] = [];
    const waits = scripted('waits', () => new Promise<void>((resolve) => releases.push(resolve)), { does: 'keyed' });
    const world = openEngineWorld([waits]);
    const { seconds, store } = timedWrites(world.engine.store, world.clock.now);
    const step = { type: 'waits', timeout: '9m' };
    void world.run(aPlaybook(['one', 'two'].map((id) => ({ id, ...step }))), { store });

    for (let passed = 0; passed < 60; passed += 1) {
      await settle();
      world.clock.advance(1_000);
      if (passed === 29) releases[0]?.();
    }
    await settle();

    expect(seconds).toEqual([0, 20, 30, 50]);
  });
});

describe('a runner whose execution was taken over', () => {
  const call = aModelCall();

  test.each([
    ['does not use the answer of a model that it asked', 'ask'],
    ['begins no other step', 'leave'],
    ['does not try its step again', 'fail'],
  ])('%s', async (_, then) => {
    const events: string[] = [];
    let runs = 0;
    const body: Script = async (__, { recordModelCall }) => {
      runs += 1;
      if (runs > 1) return 'second runner';
      world.clock.advance(61_000);
      await world.run(playbook);
      events.push('was overtaken');
      if (then === 'fail') throw new PlaybookError('unavailable', 'Not there.');
      if (then === 'ask') {
        await recordModelCall(call);
        events.push('used the answer');
      }
      return 'first runner';
    };
    const overtaken = scripted('overtaken', body, { does: 'keyed' });
    const effect = scripted('effect', () => events.push('effect'), { does: 'keyed' });
    const world = openEngineWorld([overtaken, effect]);
    const playbook = aPlaybook([
      { id: 'one', type: 'overtaken', timeout: '9m' },
      { id: 'two', type: 'effect' },
    ]);
    const asleep = { ...world.engine, clock: { ...world.clock, after: () => () => undefined } };

    await expect(world.run(playbook, { engine: asleep })).rejects.toMatchObject({ code: 'lease_lost' });
    await settle();

    expect(events).toEqual(['effect', 'was overtaken']);
    expect(ended(await world.recorded())).toMatchObject({
      runner: 'runner-2',
      results: { one: 'second runner' },
      spend: { modelCalls: 0 },
    });
  });
});
