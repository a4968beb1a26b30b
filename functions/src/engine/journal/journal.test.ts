import { describe, expect, test } from 'vitest';
import { EXECUTION_ID, aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import type { ExecutionStore, WriteOutcome } from '../record/execution-store.ts';
import type { RunningExecution } from '../record/execution.ts';
import { openJournal } from './journal.ts';

/** The last write carries one document more along: the figures of the playbook. */
const FIGURES = 1;

const noop = scripted('noop', () => null);
const steps = (count: number, type = 'noop') =>
  aPlaybook(Array.from({ length: count }, (_, index) => ({ id: `s${index}`, type })));

/** Lets so many turns of the event loop pass. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

describe('the journal', () => {
  test('groups steps that come faster than the database answers', async () => {
    const quick = scripted('quick', () => turns(1));
    const world = openEngineWorld([quick]);
    const write: ExecutionStore['write'] = async (...args) => {
      await turns(4);
      return world.engine.store.write(...args);
    };
    world.documents.reset();

    await world.run(steps(10, 'quick'), { store: { ...world.engine.store, write } });

    expect(world.documents.counts()).toEqual({ roundTrips: 4, writes: 4 + FIGURES, reads: 0 });
  });

  test('writes only beginning and end where no step waits for anything, however fast the database is', async () => {
    const world = openEngineWorld([noop]);
    world.documents.reset();

    await world.run(steps(10));

    expect(world.documents.counts()).toEqual({ roundTrips: 2, writes: 2 + FIGURES, reads: 0 });
  });

  test('writes at most once a step, and twice for beginning and end, however slow the steps are', async () => {
    const slow = scripted('slow', () => turns(3));
    const world = openEngineWorld([slow]);
    world.documents.reset();

    await world.run(steps(10, 'slow'));

    expect(world.documents.counts()).toEqual({ roundTrips: 12, writes: 12 + FIGURES, reads: 0 });
  });

  test('writes nothing after the end, however long ago the lease would have been renewed', async () => {
    const world = openEngineWorld([noop]);
    await world.run(steps(10));
    const end = await world.documents.get(`playbook_executions/${EXECUTION_ID}`);

    world.clock.advance(10 * 60_000);
    await turns(10);

    const later = await world.documents.get(`playbook_executions/${EXECUTION_ID}`);
    expect(later?.updateTime).toBe(end?.updateTime);
    expect(end?.data).not.toHaveProperty('lease');
  });

  test('spaces the writes of steps without effects out while the execution grows old', async () => {
    const world = openEngineWorld([scripted('tick', async () => (world.clock.advance(1), turns(3)))]);
    world.documents.reset();

    await world.run(steps(200, 'tick'));

    const { writes } = world.documents.counts();
    expect(writes).toBeGreaterThan(30);
    expect(writes).toBeLessThan(100);
  });

  test('keeps nobody waiting for a spaced-out write: neither an effect nor the end', async () => {
    const world = openEngineWorld([
      scripted('long', async () => (world.clock.advance(50_000), turns(3))),
      scripted('slow', () => turns(3)),
      scripted('effect', () => null, { does: 'keyed' }),
    ]);
    const types = ['long', 'slow', 'slow', 'effect', 'slow', 'slow'];

    const execution = await world.run(aPlaybook(types.map((type, index) => ({ id: `s${index}`, type }))));

    expect(ended(execution).status).toBe('succeeded');
  });

  test('writes at most once a step where every step has an effect', async () => {
    const world = openEngineWorld([scripted('effect', () => null, { does: 'keyed' })]);
    world.documents.reset();

    await world.run(steps(10, 'effect'));

    expect(world.documents.counts()).toEqual({ roundTrips: 12, writes: 12 + FIGURES, reads: 0 });
  });

  test('has stored that an attempt began before its effect begins', async () => {
    const seen: unknown[] = [];
    const effect = scripted(
      'effect',
      async (_, { stepPath }) => {
        const { steps: stored } = await world.recorded();
        seen.push(stored[stepPath]?.attempts.map(({ status }) => status));
      },
      { does: 'unkeyed' },
    );
    const world = openEngineWorld([effect]);

    await world.run(steps(2, 'effect'));

    expect(seen).toEqual([['running'], ['running']]);
  });

  test.each(Array.from({ length: 25 }, (_, microtasks) => microtasks))(
    'has stored it also when the step before ends %i microtasks before a write does',
    async (microtasks) => {
      const answered = Promise.withResolvers<void>();
      const before = scripted('before', () => answered.promise);
      const seen: unknown[] = [];
      const effect = scripted(
        'effect',
        async (_, { stepPath }) => {
          seen.push((await world.recorded()).steps[stepPath]?.status);
        },
        { does: 'keyed' },
      );
      const world = openEngineWorld([before, effect]);
      const write: ExecutionStore['write'] = async (...args) => {
        const outcome = await world.engine.store.write(...args);
        answered.resolve();
        for (let turn = 0; turn < microtasks; turn += 1) await Promise.resolve();
        return outcome;
      };

      await world.run(
        aPlaybook([
          { id: 'one', type: 'before' },
          { id: 'two', type: 'effect' },
        ]),
        { store: { ...world.engine.store, write } },
      );

      expect(seen).toEqual(['running']);
    },
  );

  test('has stored that an effect ended before anything else begins', async () => {
    const seen: unknown[] = [];
    const effect = scripted('effect', () => 'done', { does: 'keyed' });
    const look = scripted('look', async () => {
      seen.push((await world.recorded()).steps['one']?.status);
    });
    const world = openEngineWorld([effect, look]);

    await world.run(
      aPlaybook([
        { id: 'one', type: 'effect' },
        { id: 'two', type: 'look' },
      ]),
    );

    expect(seen).toEqual(['succeeded']);
  });

  test('has stored a model call before the next thing happens', async () => {
    const call = {
      model: 'none',
      startedAt: new Date(0),
      durationMs: 1,
      stopReason: 'end_turn',
      inputTokens: 10,
      outputTokens: 5,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      costUsd: 0.25,
      pricesAsOf: '2026-11-01',
      requestId: null,
    };
    const asks = scripted('asks', async (_, context) => {
      await context.recordModelCall(call);
      const attempt = (await world.recorded()).steps['one']?.attempts[0];
      return attempt?.modelCalls?.length ?? 0;
    });
    const world = openEngineWorld([asks]);

    await world.run(aPlaybook([{ id: 'one', type: 'asks' }]));

    expect(ended(await world.recorded())).toMatchObject({
      results: { one: 1 },
      spend: { modelCalls: 1, inputTokens: 10, outputTokens: 5, costUsd: 0.25 },
    });
  });

  test('renews the lease during a long step', async () => {
    const long = scripted('long', async (_, { clock }) => {
      for (let minute = 0; minute < 5; minute += 1) {
        await clock.sleep(60_000);
        await new Promise(setImmediate);
      }
    });
    const world = openEngineWorld([long]);

    const running = world.run(aPlaybook([{ id: 'one', type: 'long', timeout: '9m' }]));
    await new Promise(setImmediate);
    const other = await world.run(aPlaybook([{ id: 'one', type: 'long', timeout: '9m' }]));

    expect(other.status).toBe('running');
    expect(await running).toMatchObject({ status: 'succeeded' });
  });
});

test('a journal that is closed waits for the write under way, and begins no other', async () => {
  const world = openEngineWorld([noop]);
  const begun: RunningExecution[] = [];
  const create: ExecutionStore['create'] = async (execution) => {
    if (execution.status === 'running') begun.push(execution);
    return world.engine.store.create(execution);
  };
  await world.run(steps(1), { store: { ...world.engine.store, create } });
  const answers: ((outcome: WriteOutcome) => void)[] = [];
  const write = () => new Promise<WriteOutcome>((resolve) => answers.push(resolve));
  const [execution] = begun;
  if (execution === undefined) throw new Error('Nothing was begun.');
  const store = { ...world.engine.store, write };
  const journal = openJournal({ store, clock: world.clock, execution, fence: 'first', endBy: execution.deadlineAt });
  journal.kick();
  await turns(10);

  let isClosed = false;
  const closing = journal.close().then(() => (isClosed = true));
  journal.kick();
  await turns(10);

  expect(isClosed).toBe(false);
  answers[0]?.({ kind: 'written', fence: 'second' });
  await closing;
  expect(answers).toHaveLength(1);
});
