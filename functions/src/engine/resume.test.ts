import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { settle } from '#testing/builders/settle.ts';
import type { ExecutionStore } from './record/execution-store.ts';
import { PlaybookError } from '#core/failure.ts';

const LEASE_AND_A_BIT_MS = 61_000;

/** What runs through the effects of a playbook, as the other side sees it. */
function ledger() {
  const calls: { readonly key: string; readonly runner: string }[] = [];
  return { calls, keys: () => new Set(calls.map(({ key }) => key)) };
}

/** A store that answers so many calls and then never again, as for a process that was killed. */
function dyingAfter(store: ExecutionStore, calls: number): ExecutionStore {
  let left = calls;
  const forever = new Promise<never>(() => undefined);
  const alive =
    <Args extends readonly unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> =>
      (left -= 1) < 0 ? forever : call(...args);
  return {
    create: alive(store.create),
    read: alive(store.read),
    readIterations: alive(store.readIterations),
    write: alive(store.write),
    saveOutput: alive(store.saveOutput),
    loadOutput: alive(store.loadOutput),
  };
}

/** Reads, effects, a branch and a large output: everything that a resumed execution has to get right. */
function worldWithEffects() {
  const effects = ledger();
  const reads: string[] = [];
  const world = openEngineWorld([
    scripted('read', (_, { stepPath }) => (reads.push(stepPath), { value: 7, text: 'x'.repeat(40_000) })),
    scripted('effect', (_, { idempotencyKey }) => (effects.calls.push({ key: idempotencyKey, runner: '' }), 'sent'), {
      does: 'keyed',
    }),
    scripted('echo', ({ with: value }) => value),
  ]);
  const playbook = aPlaybook([
    { id: 'look', type: 'read' },
    { id: 'tell', type: 'effect' },
    {
      id: 'decide',
      type: 'condition',
      if: 'steps.look.output.value > 5',
      then: [
        { id: 'mail', type: 'effect' },
        { id: 'note', type: 'echo', with: '${{ steps.tell.output }}' },
      ],
      else: [{ id: 'never', type: 'effect' }],
    },
    { id: 'last', type: 'echo', with: '${{ steps.look.output.value }}' },
  ]);
  return { world, effects, reads, playbook };
}

describe('an execution whose runner was killed', () => {
  test.each(Array.from({ length: 12 }, (_, calls) => calls))(
    'after %i database calls ends with the next delivery, each effect with one key',
    async (calls) => {
      const { world, effects, playbook } = worldWithEffects();
      void world.run(playbook, { store: dyingAfter(world.engine.store, calls) });
      await settle();
      world.clock.advance(LEASE_AND_A_BIT_MS);

      await world.run(playbook);

      const execution = ended(await world.recorded());
      expect(execution.status).toBe('succeeded');
      expect(execution.results).toMatchObject({ tell: 'sent', 'decide.mail': 'sent', 'decide.note': 'sent', last: 7 });
      expect(effects.keys().size).toBe(2);
      expect(effects.calls.length).toBeLessThanOrEqual(3);
    },
  );

  test('does not run again what is recorded', async () => {
    const { world, reads, playbook } = worldWithEffects();
    void world.run(playbook, { store: dyingAfter(world.engine.store, 4) });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await world.run(playbook);

    expect(reads).toEqual(['look']);
  });

  test('says which attempt was interrupted, and that it was taken over', async () => {
    const { world, playbook } = worldWithEffects();
    void world.run(playbook, { store: dyingAfter(world.engine.store, 3) });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await world.run(playbook);

    const { steps } = ended(await world.recorded());
    expect(steps['tell']?.attempts.map(({ number, status }) => [number, status])).toEqual([
      [1, 'interrupted'],
      [2, 'succeeded'],
    ]);
  });

  test('is left alone while the lease may still be held', async () => {
    const { world, playbook } = worldWithEffects();
    void world.run(playbook, { store: dyingAfter(world.engine.store, 3) });
    await settle();
    world.clock.advance(59_000);

    const answer = await world.run(playbook);

    expect(answer.status).toBe('running');
  });

  test('is taken over by one of many that try at once', async () => {
    const { world, effects, playbook } = worldWithEffects();
    void world.run(playbook, { store: dyingAfter(world.engine.store, 2) });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await Promise.all(Array.from({ length: 20 }, () => world.run(playbook)));

    expect(ended(await world.recorded()).status).toBe('succeeded');
    expect(effects.calls.length).toBe(2);
  });

  test('goes on with the definition that it began with', async () => {
    const { world, playbook } = worldWithEffects();
    void world.run(playbook, { version: 'old', store: dyingAfter(world.engine.store, 3) });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);

    await world.run(aPlaybook([{ id: 'other', type: 'effect' }]), { version: 'new' });

    const execution = ended(await world.recorded());
    expect(execution.version).toBe('old');
    expect(Object.keys(execution.steps)).not.toContain('other');
  });

  test('ends as failed when the definition that it began with is not kept any more', async () => {
    const { world, effects, playbook } = worldWithEffects();
    void world.run(playbook, { version: 'old', store: dyingAfter(world.engine.store, 2) });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);
    const forgetful = { ...world.engine, loadDefinition: async () => undefined };

    await world.run(playbook, { version: 'new', engine: forgetful });

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: null,
      failure: { code: 'invalid_playbook' },
    });
    expect(effects.calls).toEqual([]);
  });

  describe('at every delivery', () => {
    const told: string[] = [];
    const notify = telling('notify', ({ body }) => (told.push(JSON.stringify(body)), { deliveries: [] }));
    const deadly = scripted('deadly', () => new Promise(() => undefined));
    const noop = scripted('noop', () => 1);
    const playbook = aPlaybook(
      [
        { id: 'before', type: 'noop' },
        { id: 'one', type: 'deadly', timeout: '7d' },
      ],
      { deadline: '7d', alerts: { channels: ['dashboard'] } },
    );

    async function killed(world: ReturnType<typeof openEngineWorld>, times: number): Promise<void> {
      for (let death = 1; death <= times; death += 1) {
        void world.run(playbook, { store: dyingAfter(world.engine.store, death === 1 ? 2 : 4) });
        await settle();
        world.clock.advance(LEASE_AND_A_BIT_MS);
      }
    }

    test('ends as failed with the third delivery after the first, and people are told', async () => {
      const world = openEngineWorld([deadly, noop, notify]);
      await killed(world, 3);

      await world.run(playbook);

      expect(await world.recorded()).toMatchObject({
        status: 'failed',
        failedStep: 'one',
        failure: { code: 'interrupted', message: expect.stringContaining('vanished 3 times in a row during one') },
        steps: { one: { status: 'failed' }, $alert: { status: 'succeeded' } },
      });
      expect(told).toEqual([expect.stringContaining('vanished 3 times')]);
    });

    test('goes on with the second one', async () => {
      const world = openEngineWorld([deadly, noop, notify]);
      await killed(world, 2);

      void world.run(playbook);
      await settle();

      expect(await world.recorded()).toMatchObject({ status: 'running', lease: { takeovers: 2, interruptions: 2 } });
    });
  });

  test('during its alert at every delivery ends as it went, and people are told on the dashboard', async () => {
    const channels: unknown[] = [];
    const deadlyMail = telling(
      'notify',
      ({ channels: named }) => (
        channels.push(named),
        isDeepStrictEqual(named, ['dashboard']) ? 'told' : new Promise(() => undefined)
      ),
    );
    const fails = scripted('fails', () => {
      throw new PlaybookError('rejected', 'No.');
    });
    const world = openEngineWorld([fails, deadlyMail]);
    const playbook = aPlaybook([{ id: 'one', type: 'fails' }], { deadline: '7d', alerts: { channels: ['email'] } });
    for (let death = 1; death <= 3; death += 1) {
      world.run(playbook, { store: dyingAfter(world.engine.store, death === 1 ? 2 : 4) }).catch(() => undefined);
      await settle();
      world.clock.advance(LEASE_AND_A_BIT_MS);
      await settle();
    }

    await world.run(playbook);

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: 'one',
      failure: { code: 'rejected' },
      steps: {
        $alert: { status: 'failed', failure: { code: 'interrupted' } },
        $alert_dashboard: { status: 'succeeded' },
      },
    });
    expect(channels.at(-1)).toEqual(['dashboard']);
  });

  test('counts as vanished again only since a step ended last', async () => {
    let runs = 0;
    const hangsTwice = scripted('hangs_twice', () => ((runs += 1) <= 2 ? new Promise(() => undefined) : runs));
    const hangs = scripted('hangs', () => new Promise(() => undefined), { does: 'keyed' });
    const world = openEngineWorld([hangsTwice, hangs]);
    const playbook = aPlaybook(
      [
        { id: 'one', type: 'hangs_twice', timeout: '7d' },
        { id: 'two', type: 'hangs', timeout: '7d' },
      ],
      { deadline: '7d' },
    );
    for (let death = 1; death <= 3; death += 1) {
      world.run(playbook, { store: dyingAfter(world.engine.store, death === 3 ? 9 : 4) }).catch(() => undefined);
      await settle();
      world.clock.advance(LEASE_AND_A_BIT_MS);
    }

    void world.run(playbook);
    await settle();

    expect(await world.recorded()).toMatchObject({ status: 'running', lease: { takeovers: 3, interruptions: 1 } });
  });

  test('ends as failed when the definition that it began with cannot be read', async () => {
    const { world, playbook } = worldWithEffects();
    void world.run(playbook, { version: 'old', store: dyingAfter(world.engine.store, 2) });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);
    const loadDefinition = async () => {
      throw new PlaybookError('internal', 'It is damaged.');
    };

    await world.run(playbook, { version: 'new', engine: { ...world.engine, loadDefinition } });

    expect(await world.recorded()).toMatchObject({ status: 'failed', failure: { code: 'invalid_playbook' } });
  });

  test('ends at its deadline, also when nobody came before', async () => {
    const { world, effects, playbook } = worldWithEffects();
    void world.run(playbook, { store: dyingAfter(world.engine.store, 1) });
    await settle();
    world.clock.advance(11 * 60_000);

    await world.run(playbook);

    expect(await world.recorded()).toMatchObject({ status: 'failed', failure: { code: 'deadline_exceeded' } });
    expect(effects.calls).toEqual([]);
  });
});

describe('a runner that was only asleep', () => {
  test('stops without writing when another has taken its execution over', async () => {
    let wake: (value: string) => void = () => undefined;
    let sleeps = 0;
    const sleepy = scripted('sleepy', () =>
      (sleeps += 1) === 1 ? new Promise((resolve) => (wake = resolve)) : 'second',
    );
    const world = openEngineWorld([sleepy]);
    const playbook = aPlaybook([{ id: 'one', type: 'sleepy', timeout: '9m' }]);
    const asleep = { ...world.engine, clock: { ...world.clock, after: () => () => undefined } };
    const first = world.run(playbook, { engine: asleep });
    await settle();
    world.clock.advance(LEASE_AND_A_BIT_MS);
    await world.run(playbook);
    const before = await world.recorded();

    wake('first');

    await expect(first).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await world.recorded()).toEqual(before);
    expect(ended(before).results).toEqual({ one: 'second' });
  });
});
