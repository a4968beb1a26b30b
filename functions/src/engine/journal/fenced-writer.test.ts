import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import type { ExecutionStore, WriteOutcome } from '../record/execution-store.ts';

const noop = scripted('noop', () => null);
const steps = (count: number, type = 'noop') =>
  aPlaybook(Array.from({ length: count }, (_, index) => ({ id: `s${index}`, type })));

describe('when the answer to a write is lost', () => {
  test.each([
    ['after it was applied', true],
    ['before it was applied', false],
  ])('%s, the execution ends all the same, and every effect happens once', async (_, applied) => {
    let effects = 0;
    const world = openEngineWorld([scripted('effect', () => (effects += 1), { does: 'keyed' })]);
    const store = losingEverySecondAnswer(world.engine.store, applied);

    await world.run(steps(5, 'effect'), { store });

    expect(ended(await world.recorded())).toMatchObject({ status: 'succeeded', stepsExecuted: 5 });
    expect(effects).toBe(5);
  });

  test('of the claim, the execution is still ours', async () => {
    const world = openEngineWorld([noop]);
    const create = async (...args: Parameters<ExecutionStore['create']>): Promise<WriteOutcome> => {
      await world.engine.store.create(...args);
      return { kind: 'unknown', cause: new Error('reset') };
    };

    const execution = await world.run(steps(1), { store: { ...world.engine.store, create } });

    expect(execution.status).toBe('succeeded');
  });

  test('for a while, the runner tries again, and further apart each time', async () => {
    const world = openEngineWorld([noop]);
    const upAgainMs = world.clock.now().getTime() + 2_000;
    const write: ExecutionStore['write'] = async (...args) =>
      world.clock.now().getTime() < upAgainMs
        ? { kind: 'unknown', cause: new Error('too many writes') }
        : world.engine.store.write(...args);

    const execution = await world.run(steps(2), { store: { ...world.engine.store, write } });

    expect(execution.status).toBe('succeeded');
  });

  test('for good, the runner gives up and the record can be resumed', async () => {
    const world = openEngineWorld([noop]);
    const write = async (): Promise<WriteOutcome> => ({ kind: 'unknown', cause: new Error('down') });

    const run = world.run(steps(2), { store: { ...world.engine.store, write } });

    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    world.clock.advance(61_000);
    expect(await world.run(steps(2))).toMatchObject({ status: 'succeeded' });
  });
});

function losingEverySecondAnswer(store: ExecutionStore, applied: boolean): ExecutionStore {
  let writes = 0;
  return {
    ...store,
    async write(...args) {
      writes += 1;
      if (writes % 2 === 1) return store.write(...args);
      if (applied) await store.write(...args);
      return { kind: 'unknown', cause: new Error('The answer was lost.') };
    },
  };
}
