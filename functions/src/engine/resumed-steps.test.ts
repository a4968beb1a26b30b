import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { aPlaybook, ended, finished, openEngineWorld, scripted, type Script } from '#testing/builders/engine-world.ts';
import { dyingAfter, type MortalStore } from '#testing/builders/mortal-store.ts';
import type { Execution, FinishedExecution } from './record/execution.ts';

const LEASE_AND_A_BIT_MS = 61_000;

/**
 * The engine whose runners are killed by steps of the type `mortal` for as long as `dies` says so, and what these steps do
 * otherwise. Each runner that follows comes after the lease has run out.
 */
function mortalWorld(dies: (attempt: number) => boolean, script: Script = () => 'done') {
  const runner: { store?: MortalStore } = {};
  const told: (readonly [number, boolean])[] = [];
  const mortal: Script = (input, context) => {
    told.push([context.attempt, context.lastAttempt]);
    if (!dies(context.attempt)) return script(input, context);
    runner.store?.kill();
    return new Promise(() => undefined);
  };
  const echo = scripted('echo', ({ with: value }) => value ?? null);
  const world = openEngineWorld([scripted('mortal', mortal, { does: 'keyed' }), echo]);
  async function runToTheEnd(playbook: Parameters<typeof world.run>[0]): Promise<FinishedExecution> {
    for (;;) {
      const store = dyingAfter(world.engine.store);
      runner.store = store;
      const execution = await Promise.race([world.run(playbook, { store: store.store }), store.died]);
      if (execution !== undefined) return finished(await world.recorded());
      world.clock.advance(LEASE_AND_A_BIT_MS);
    }
  }
  return { ...world, told, runToTheEnd };
}

const unavailable = () => {
  throw new PlaybookError('unavailable', 'Not there.');
};

describe('an attempt that lost its runner', () => {
  /** What each attempt does (dies, fails or succeeds), how often it may fail, and how the step ends. */
  const courses: readonly (readonly [string, number, 'succeeded' | 'failed'])[] = [
    ['died succeeded', 1, 'succeeded'],
    ['died died succeeded', 1, 'succeeded'],
    ['died failed', 1, 'failed'],
    ['died failed succeeded', 2, 'succeeded'],
    ['died died failed succeeded', 2, 'succeeded'],
    ['failed died succeeded', 2, 'succeeded'],
    ['failed died failed', 2, 'failed'],
    ['died failed died failed', 2, 'failed'],
    ['failed died failed died succeeded', 3, 'succeeded'],
    ['failed died died failed failed', 3, 'failed'],
  ];

  test.each(courses)(
    'does not count against the retry policy: %s, of at most %i failures',
    async (course, max, end) => {
      const what = course.split(' ');
      const { runToTheEnd, told } = mortalWorld(
        (attempt) => what[attempt - 1] === 'died',
        (_, { attempt }) => (what[attempt - 1] === 'failed' ? unavailable() : 'done'),
      );
      const retry = { maxAttempts: max, initialDelay: '1s', maxDelay: '1s' };

      const { steps } = await runToTheEnd(aPlaybook([{ id: 'one', type: 'mortal', retry }], { deadline: '7d' }));

      expect(steps['one']?.status).toBe(end);
      expect(steps['one']?.attempts.map(({ number, status }) => [number, status])).toEqual(
        what.map((became, index) => [index + 1, became === 'died' ? 'interrupted' : became]),
      );
      const failedBefore = (index: number) => what.slice(0, index).filter((became) => became === 'failed').length;
      expect(told).toEqual(what.map((_, index) => [index + 1, failedBefore(index) === max - 1]));
    },
  );
});

describe('an if that has changed its mind while nobody ran the execution', () => {
  const early = "timestamp(now) < timestamp('2026-11-20T14:00:30.000Z')";

  test('is not asked again by a step that has begun', async () => {
    const { runToTheEnd } = mortalWorld((attempt) => attempt === 1);

    const execution = await runToTheEnd(aPlaybook([{ id: 'one', type: 'mortal', if: early }]));

    expect(execution).toMatchObject({ status: 'succeeded', results: { one: 'done' } });
  });

  test('is not asked again by a step that has failed and will try again', async () => {
    let failed = 0;
    const world = mortalWorld(
      () => false,
      () => ((failed += 1) === 1 ? unavailable() : 'done'),
    );
    const first = dyingAfter(world.engine.store);
    const sleep = () => (first.kill(), new Promise<never>(() => undefined));
    const asleep = { ...world.engine, clock: { ...world.clock, sleep } };
    const playbook = aPlaybook([{ id: 'one', type: 'mortal', if: early }]);
    const dying = world.run(playbook, { engine: asleep, store: first.store });
    await Promise.race([dying, first.died]);
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await world.run(playbook);

    expect(ended(await world.recorded())).toMatchObject({ status: 'succeeded', stepsExecuted: 1 });
  });

  test('is not asked again by a condition that has decided', async () => {
    const { runToTheEnd } = mortalWorld((attempt) => attempt === 1);
    const inside = { id: 'inside', type: 'mortal' };
    const other = { id: 'other', type: 'echo' };
    const choose = { id: 'choose', type: 'condition', if: early, then: [inside], else: [other] };

    const { results } = await runToTheEnd(aPlaybook([choose]));

    expect(results).toEqual({ choose: { branch: 'then' }, 'choose.inside': 'done' });
  });

  test('is not asked again by a step that was left out', async () => {
    const { runToTheEnd } = mortalWorld((attempt) => attempt === 1);
    const late = early.replace('<', '>');

    const { steps } = await runToTheEnd(
      aPlaybook([
        { id: 'late', type: 'echo', if: late },
        { id: 'one', type: 'mortal' },
      ]),
    );

    expect(steps['late']?.status).toBe('skipped');
  });

  test('is asked when the step has not begun', async () => {
    const { runToTheEnd } = mortalWorld((attempt) => attempt === 1);

    const { steps } = await runToTheEnd(
      aPlaybook([
        { id: 'one', type: 'mortal' },
        { id: 'two', type: 'echo', if: early },
      ]),
    );

    expect(steps['two']?.status).toBe('skipped');
  });
});

describe('a record that is almost full when its runner dies', () => {
  const MAX_INLINE_TOTAL_BYTES = 256 * 1024;
  /** The bytes of the outputs that lie in the record itself, and how many lie outside. */
  function kept(execution: Execution) {
    const attempts = Object.values(execution.steps).flatMap((step) => [...step.attempts]);
    const outputs = attempts.flatMap((attempt) => (attempt.status === 'succeeded' ? [attempt] : []));
    const inline = outputs.flatMap(({ output }) => (output === undefined ? [] : [JSON.stringify(output).length]));
    return { inlineBytes: inline.reduce((sum, bytes) => sum + bytes, 0), outside: outputs.length - inline.length };
  }

  test.each([
    ['never', []],
    ['once, early', [2]],
    ['once, when nothing more fits in', [9]],
    ['twice', [5, 12]],
    ['three times', [4, 8, 16]],
  ])('is not filled further than by one runner: %s', async (_, deadly) => {
    const died = new Set<string>();
    const isDeadly = (path: string) => deadly.some((index) => path === `s${index}`) && !died.has(path);
    const runner: { store?: MortalStore } = {};
    const medium = scripted(
      'medium',
      (__, { stepPath }) => {
        if (!isDeadly(stepPath)) return 'x'.repeat(30_000);
        died.add(stepPath);
        runner.store?.kill();
        return new Promise(() => undefined);
      },
      { does: 'keyed' },
    );
    const world = openEngineWorld([medium]);
    const playbook = aPlaybook(Array.from({ length: 20 }, (__, index) => ({ id: `s${index}`, type: 'medium' })));

    for (let runners = 0; runners <= deadly.length; runners += 1) {
      const store = dyingAfter(world.engine.store);
      runner.store = store;
      await Promise.race([world.run(playbook, { store: store.store }), store.died]);
      world.clock.advance(LEASE_AND_A_BIT_MS);
    }

    const execution = ended(await world.recorded());
    expect(execution.status).toBe('succeeded');
    expect(kept(execution).inlineBytes).toBeLessThanOrEqual(MAX_INLINE_TOTAL_BYTES);
    expect(kept(execution)).toEqual({ inlineBytes: 8 * 30_002, outside: 12 });
  });

  test('takes no more outputs outside either than one runner might leave there', async () => {
    const runner: { store?: MortalStore } = {};
    let deaths = 0;
    const large = scripted(
      'large',
      (_, { stepPath }) => {
        if (stepPath !== 's3' || (deaths += 1) > 1) return 'x'.repeat(5_000_000);
        runner.store?.kill();
        return new Promise(() => undefined);
      },
      { does: 'keyed' },
    );
    const world = openEngineWorld([large]);
    const playbook = aPlaybook(Array.from({ length: 5 }, (_, index) => ({ id: `s${index}`, type: 'large' })));
    const store = dyingAfter(world.engine.store);
    runner.store = store;
    await Promise.race([world.run(playbook, { store: store.store }), store.died]);
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await world.run(playbook);

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: 's4',
      failure: { code: 'output_too_large' },
    });
  });
});
