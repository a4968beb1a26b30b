import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import type { ExecutionStore } from './record/execution-store.ts';
import { PlaybookError } from '#core/failure.ts';

const LEASE_AND_A_BIT_MS = 61_000;
const forever = new Promise<never>(() => undefined);

/** The engine whose first runner is killed while it runs the first step that `dies` or tells people. */
function worldWithADeath() {
  let deaths = 0;
  let isDead = false;
  const dying = () => {
    deaths += 1;
    if (deaths > 1) return 'survived';
    isDead = true;
    return forever;
  };
  const world = openEngineWorld([
    scripted('echo', ({ with: value }) => value ?? null),
    scripted('fail', () => {
      throw new PlaybookError('rejected', 'No.');
    }),
    scripted('dies', dying, { does: 'keyed' }),
    telling('notify', dying),
  ]);
  const mortal =
    <Args extends readonly unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> =>
      isDead ? forever : call(...args);
  const { create, read, readIterations, write, saveOutput, loadOutput } = world.engine.store;
  const store: ExecutionStore = {
    create: mortal(create),
    read: mortal(read),
    readIterations: mortal(readIterations),
    write: mortal(write),
    saveOutput: mortal(saveOutput),
    loadOutput: mortal(loadOutput),
  };

  /** Runs until the death, waits, and lets another runner end what is left. */
  async function runTwice(playbook: Parameters<typeof world.run>[0], waitMs = LEASE_AND_A_BIT_MS) {
    void world.run(playbook, { store });
    while (!isDead) await new Promise(setImmediate);
    world.clock.advance(waitMs);
    await world.run(playbook);
    return ended(await world.recorded());
  }

  return { ...world, runTwice };
}

describe('an execution that another runner goes on with', () => {
  test('still fails for a step inside a branch that failed and was gone on after', async () => {
    const world = worldWithADeath();

    const execution = await world.runTwice(
      aPlaybook([
        { id: 'any', type: 'condition', if: 'true', then: [{ id: 'bad', type: 'fail', onFailure: 'continue' }] },
        { id: 'next', type: 'dies' },
      ]),
    );

    expect(execution).toMatchObject({ status: 'failed', failedStep: 'any.bad', results: { next: 'survived' } });
  });

  test('knows the outputs inside a branch that failed', async () => {
    const world = worldWithADeath();
    const then = [
      { id: 'inside', type: 'echo', with: 'kept' },
      { id: 'bad', type: 'fail' },
    ];

    const { results } = await world.runTwice(
      aPlaybook([
        { id: 'any', type: 'condition', if: 'true', onFailure: 'continue', then },
        { id: 'next', type: 'dies' },
        { id: 'last', type: 'echo', with: '${{ steps.inside.output }}' },
      ]),
    );

    expect(results['last']).toBe('kept');
  });

  test('names the innermost step that failed, as its first runner would have', async () => {
    const world = worldWithADeath();
    const then = [{ id: 'bad', type: 'fail' }];

    const execution = await world.runTwice(
      aPlaybook([
        { id: 'any', type: 'condition', if: 'true', onFailure: 'continue', then },
        { id: 'next', type: 'dies' },
      ]),
    );

    expect(execution).toMatchObject({ failedStep: 'any.bad', error: 'any.bad: No.' });
  });

  test('leaves no step open when its deadline has passed meanwhile', async () => {
    const world = worldWithADeath();

    const execution = await world.runTwice(
      aPlaybook([{ id: 'any', type: 'condition', if: 'true', then: [{ id: 'next', type: 'dies' }] }]),
      11 * 60_000,
    );

    expect(execution).toMatchObject({
      failure: { code: 'deadline_exceeded' },
      failedStep: 'any.next',
      stepsExecuted: 2,
    });
    expect(Object.values(execution.steps).map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(execution.steps['any.next']?.attempts.map(({ status }) => status)).toEqual(['interrupted']);
  });

  test('says that its deadline has passed, not what was gone on after before', async () => {
    const world = worldWithADeath();

    const execution = await world.runTwice(
      aPlaybook([
        { id: 'bad', type: 'fail', onFailure: 'continue', critical: false },
        { id: 'next', type: 'dies' },
      ]),
      11 * 60_000,
    );

    expect(execution).toMatchObject({ failure: { code: 'deadline_exceeded' }, failedStep: 'next' });
  });

  test('tells of what it found when its last step ended, however late', async () => {
    const world = worldWithADeath();
    const age = 'timestamp(now) - timestamp(execution.startedAt) < duration("30s")';

    const execution = await world.runTwice(
      aPlaybook([{ id: 'one', type: 'echo', with: 1 }], {
        criteria: [{ id: 'fresh', value: age, ok: '!value', alert: 'value' }],
        alerts: { channels: ['any'] },
      }),
    );

    expect(execution).toMatchObject({ status: 'succeeded', criteria: [{ id: 'fresh', value: true, band: 'alert' }] });
    expect(execution.steps['$alert']?.status).toBe('succeeded');
  });

  test('waits before it repeats a failed attempt, as long as the other side asks', async () => {
    let attempts = 0;
    const calledAtMs: number[] = [];
    const world = openEngineWorld([
      scripted('limited', (_, { clock }) => {
        calledAtMs.push(clock.now().getTime());
        attempts += 1;
        if (attempts === 1) throw new PlaybookError('rate_limited', 'Later.', { retryAfterMs: 200_000 });
        return 'done';
      }),
    ]);
    const playbook = aPlaybook([{ id: 'one', type: 'limited' }]);
    const asleep = { ...world.engine, clock: { ...world.clock, sleep: () => forever, after: () => () => undefined } };
    void world.run(playbook, { engine: asleep });
    for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await world.run(playbook);

    const [first = 0, second = 0] = calledAtMs;
    expect(second - first).toBeGreaterThanOrEqual(200_000);
    expect(ended(await world.recorded()).results).toEqual({ one: 'done' });
  });
});

describe('a large output', () => {
  test('that was recorded is not overwritten by a runner that comes late with another', async () => {
    const { engine } = openEngineWorld([]);
    const execution = { id: 'ops_test_1', expireAt: new Date('2027-01-01T00:00:00.000Z') };
    const recorded = await engine.store.saveOutput(execution, 'look', 'recorded'.repeat(5_000));

    await engine.store.saveOutput(execution, 'look', 'too late'.repeat(5_000));

    expect(await engine.store.loadOutput(recorded)).toBe('recorded'.repeat(5_000));
  });
});
