import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { refusing } from '#testing/builders/refusing-store.ts';
import { settle } from '#testing/builders/settle.ts';
import { PlaybookError } from '#core/failure.ts';
import { executionOutputs, outputRoom } from './state/output-room.ts';
import { ShuttingDown } from './state/run-state.ts';

const alerts = { alerts: { channels: ['dashboard'] } };

describe('an alert that outlives its record', () => {
  const hangs = scripted('hangs', () => new Promise(() => undefined));

  /** A playbook whose step hangs at its deadline, and whose alert does what the test says, attempt by attempt. */
  function late(...attempts: Promise<unknown>[]) {
    let calls = 0;
    const slow = telling('notify', () => attempts[(calls += 1) - 1] ?? 'told');
    const world = openEngineWorld([hangs, slow]);
    const playbook = aPlaybook([{ id: 'one', type: 'hangs', timeout: '7d' }], { deadline: '10s', ...alerts });
    return { world, playbook, calls: () => calls };
  }

  test('does not keep it from ending in time, and has ended in it', async () => {
    const { world, playbook, calls } = late(new Promise(() => undefined));
    void world.run(playbook);
    await settle();
    world.clock.advance(10_000);
    await settle();
    world.clock.advance(3_000);
    await settle();

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({
      status: 'failed',
      failedStep: 'one',
      failure: { code: 'deadline_exceeded' },
      duration: 13_000,
      steps: { $alert: { status: 'failed', attempts: [{ status: 'interrupted' }] } },
    });
    expect(calls()).toBe(1);
  });

  test('is tried again behind its end, so that people are told', async () => {
    const first = Promise.withResolvers<unknown>();
    const { world, playbook, calls } = late(first.promise);
    const run = world.run(playbook);
    await settle();
    world.clock.advance(10_000);
    await settle();
    world.clock.advance(3_000);
    await settle();
    const before = await world.recorded();

    first.reject(new PlaybookError('unavailable', 'Not now.'));
    await run;

    expect(calls()).toBe(2);
    expect(await world.recorded()).toEqual(before);
  });

  test('does not keep a record that the database refuses from ending in time either', async () => {
    const { world, playbook } = late(new Promise(() => undefined));
    const store = refusing(world.engine.store, ({ next, steps }) => next.kind === 'running' && steps.size > 0);
    void world.run(playbook, { store });
    await settle();
    world.clock.advance(13_000);
    await settle();

    expect(ended(await world.recorded())).toMatchObject({ status: 'failed', failure: { code: 'internal' } });
  });

  test('is not broken off by a shutdown at once', async () => {
    const first = Promise.withResolvers<unknown>();
    const { world, playbook, calls } = late(first.promise);
    const begun = new AbortController();
    const shutdown = { begun: begun.signal, over: new AbortController().signal };
    const run = world.run(playbook, { engine: { ...world.engine, shutdown } });
    await settle();
    world.clock.advance(10_000);
    await settle();

    begun.abort(new ShuttingDown());
    first.resolve('told');
    await run;

    expect(calls()).toBe(1);
    expect(await world.recorded()).toMatchObject({ status: 'failed', steps: { $alert: { status: 'succeeded' } } });
  });
});

test('the memory of an output that is kept too late is free again', async () => {
  const room = outputRoom(20 * 1024 * 1024);
  const outputs = executionOutputs(room, 0);
  outputs.release();

  expect(outputs.hold('x'.repeat(5_000_000))).toBe(false);
  expect(room.hasRoom()).toBe(true);
});

test('the memory that an execution held of large outputs is free when it has ended', async () => {
  const large = scripted('large', () => 'x'.repeat(5_000_000));
  const world = openEngineWorld([large]);
  const room = outputRoom(20 * 1024 * 1024);
  const taken: boolean[] = [];
  const watched = { ...room, take: (bytes: number) => (taken.push(true), room.take(bytes)) };

  await world.run(aPlaybook([{ id: 'one', type: 'large' }]), { engine: { ...world.engine, outputs: watched } });

  expect([taken, room.hasRoom()]).toEqual([[true], true]);
});
