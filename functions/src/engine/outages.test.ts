import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import type { ExecutionStore, WriteOutcome } from './record/execution-store.ts';

const noop = scripted('noop', () => null);
const one = aPlaybook([{ id: 'one', type: 'noop' }]);
const unknown: WriteOutcome = { kind: 'unknown', cause: new Error('reset') };
const down = (): never => {
  throw new PlaybookError('unavailable', 'The database is out of reach.');
};

/**
 * The engine with a clock on which sleeping takes a while, so that what does not wait for it is seen; and every call of
 * the store, as `seconds name`. A call during a sleep is noted as such.
 */
function observedWorld() {
  const world = openEngineWorld([noop]);
  const beganMs = world.clock.now().getTime();
  const seconds = () => (world.clock.now().getTime() - beganMs) / 1_000;
  const calls: string[] = [];
  let sleeping = 0;
  const clock = {
    ...world.clock,
    async sleep(delayMs: number, signal?: AbortSignal) {
      sleeping += 1;
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      await world.clock.sleep(delayMs, signal);
      sleeping -= 1;
    },
  };
  const noting =
    <Args extends readonly unknown[], Answer>(name: string, call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      calls.push(`${seconds()} ${name}${sleeping > 0 ? ' while it sleeps' : ''}`);
      if (calls.length > 100) throw new Error('These calls have no end.');
      await new Promise(setImmediate);
      return call(...args);
    };
  function run(changed: Partial<ExecutionStore>) {
    const { store } = world.engine;
    const { create, read, write } = { ...store, ...changed };
    const noted = { create: noting('create', create), read: noting('read', read), write: noting('write', write) };
    return world.run(one, { engine: { ...world.engine, clock }, store: { ...store, ...noted } });
  }
  return { world, seconds, calls, run };
}

describe('a claim whose answer is lost and whose record is not there', () => {
  const waits = [0, 0.25, 0.75, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5];

  test('is repeated at growing intervals of at most a second for eight seconds, and then the database is out of reach', async () => {
    const { calls, run } = observedWorld();

    const running = run({ create: async () => unknown, read: async () => undefined });

    await expect(running).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls).toEqual(waits.flatMap((second) => [`${second} create`, `${second} read`]));
  });

  test.each([1, 5, 11])('ends well when the database answers try %i', async (tries) => {
    const { world, calls, run } = observedWorld();
    let creates = 0;
    const create: ExecutionStore['create'] = async (execution) =>
      (creates += 1) < tries ? unknown : world.engine.store.create(execution);

    await run({ create });

    expect(ended(await world.recorded()).status).toBe('succeeded');
    expect(calls.filter((call) => call.endsWith('create'))).toEqual(
      waits.slice(0, tries).map((second) => `${second} create`),
    );
  });

  test('is not repeated where the database says that it was not written', async () => {
    const { calls, run } = observedWorld();

    const running = run({ create: async () => ({ kind: 'not_written', cause: new Error('down') }) });

    await expect(running).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls).toEqual(['0 create']);
  });
});

describe('a write whose answer is lost', () => {
  const readAt = [0, 0.25, 0.75, 1.75, ...Array.from({ length: 14 }, (_, reads) => 3.75 + 2 * reads)];

  /** The first write is applied, its answer is lost, and the record cannot be read for so long. */
  function losing(outageSeconds: number) {
    const observed = observedWorld();
    const { store } = observed.world.engine;
    let writes = 0;
    const write: ExecutionStore['write'] = async (...args) => {
      const written = await store.write(...args);
      return (writes += 1) === 1 ? unknown : written;
    };
    const read: ExecutionStore['read'] = async (id) => (observed.seconds() < outageSeconds ? down() : store.read(id));
    return { ...observed, running: observed.run({ write, read }) };
  }

  test.each([
    [0, 1],
    [0.2, 2],
    [1, 4],
    [10, 9],
    [29.7, 18],
  ])(
    'and whose record is out of reach for %d seconds is looked for %i times, and not made again',
    async (seconds, reads) => {
      const { world, calls, running } = losing(seconds);

      await running;

      expect(calls).toEqual(['0 create', '0 write', ...readAt.slice(0, reads).map((second) => `${second} read`)]);
      expect(ended(await world.recorded()).status).toBe('succeeded');
    },
  );

  test('is given up when the record is out of reach for more than half a minute', async () => {
    const { calls, running } = losing(31.8);

    await expect(running).rejects.toMatchObject({ code: 'unavailable' });
    const reads = [...readAt, 31.75].map((second) => `${second} read`);
    expect(calls.filter((call) => call.endsWith('read'))).toEqual(reads);
  });
});

describe('a write that the database says it did not make', () => {
  test('is repeated at growing intervals of at most two seconds for half a minute, without reading', async () => {
    const { calls, run } = observedWorld();

    const running = run({ write: async () => ({ kind: 'not_written', cause: new Error('down') }) });

    await expect(running).rejects.toMatchObject({ code: 'unavailable' });
    const writes = [0, 0.25, 0.75, 1.75, ...Array.from({ length: 15 }, (_, tries) => 3.75 + 2 * tries)];
    expect(calls.slice(0, 1 + writes.length)).toEqual(['0 create', ...writes.map((second) => `${second} write`)]);
    expect(calls.filter((call) => call.includes('read'))).toEqual([]);
  });
});
