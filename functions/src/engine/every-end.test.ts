import { afterEach, describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted } from '../testing/engine-world.ts';
import { DocumentsError } from '../ports/documents.ts';
import { recordFailure } from '../records/reachable.ts';
import type { ExecutionStore, WriteOutcome } from './execution-store.ts';
import { PlaybookError } from './failure.ts';
import { JsonValue } from './json.ts';
import { executionOutputs, outputRoom } from './output-room.ts';
import { weightOf } from './record-weight.ts';
import { ShuttingDown } from './run-state.ts';

const told: string[] = [];
afterEach(() => void told.splice(0));

const notify = scripted('notify', ({ body }) => (told.push(JSON.stringify(body)), 'told'), {
  does: 'keyed',
  fields: Object.fromEntries(['channels', 'priority', 'subject', 'body'].map((name) => [name, JsonValue])),
});
const echo = scripted('echo', ({ with: value }) => value);
const fails = scripted('fails', () => {
  throw new PlaybookError('unavailable', 'Not there.');
});
const alerts = { alerts: { channels: ['dashboard'] } };

describe('a value that no database takes', () => {
  const name = 'Anna Maria Schmidt 🌸🌸 Blumen';

  test.each([
    ['half of an emoji in a text', '${{ steps.who.output.substring(0, 20) }}…'],
    ['half of an emoji alone', "${{ '😀'.split('') }}"],
    ['half of an emoji as the name of a field', "${{ {'😀'.charAt(0): 1} }}"],
  ])('fails its step where it is %s, and people are told', async (_, value) => {
    const world = openEngineWorld([echo, notify]);

    await world.run(
      aPlaybook(
        [
          { id: 'who', type: 'echo', with: name },
          { id: 'tell', type: 'echo', with: { subject: value } },
        ],
        alerts,
      ),
    );

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: 'tell',
      failure: {
        code: 'input_invalid',
        message: expect.stringMatching(/The field with\.subject.* half of a character/),
      },
    });
    expect(told).toEqual([expect.stringContaining('half of a character')]);
  });

  test('does not end an execution that goes on after the failure', async () => {
    const world = openEngineWorld([echo]);
    const cut = "${{ '😀'.charAt(0) }}";

    await world.run(
      aPlaybook([
        { id: 'tell', type: 'echo', with: cut, onFailure: 'continue', critical: false },
        { id: 'after', type: 'echo', with: 'still here' },
      ]),
    );

    expect(await world.recorded()).toMatchObject({ status: 'succeeded', results: { after: 'still here' } });
  });

  test('is measured by a criterion all the same, and told of', async () => {
    const world = openEngineWorld([echo, notify]);
    const criteria = [{ id: 'first', value: "'😀'.charAt(0)", ok: "value == 'a'", alert: "value != 'a'" }];

    await world.run(aPlaybook([{ id: 'one', type: 'echo', with: 1 }], { criteria, ...alerts }));

    expect(await world.recorded()).toMatchObject({
      status: 'succeeded',
      criteria: [{ id: 'first', band: 'alert', value: '\uFFFD' }],
    });
    expect(told).toHaveLength(1);
  });
});

/** A store that refuses every write that `refuses`, as a database does. */
function refusing(store: ExecutionStore, refuses: (changes: Parameters<ExecutionStore['write']>[1]) => boolean) {
  const write: ExecutionStore['write'] = async (id, changes, fence): Promise<WriteOutcome> =>
    refuses(changes)
      ? { kind: 'refused', cause: recordFailure(new DocumentsError('invalid', 'It would take 1048811 bytes.')) }
      : store.write(id, changes, fence);
  return { ...store, write };
}

describe('a record that the database refuses', () => {
  const playbook = aPlaybook(
    [
      { id: 'one', type: 'echo', with: 'kept' },
      { id: 'two', type: 'notify', channels: [], priority: '', subject: 'step', body: 'two' },
    ],
    alerts,
  );

  test.each([
    ['in the middle', (changes: Parameters<ExecutionStore['write']>[1]) => changes.next.kind === 'running'],
    ['at the end', (changes: Parameters<ExecutionStore['write']>[1]) => changes.next.kind === 'ended'],
  ])('%s ends short, with the reason, and people are told once', async (when, refuses) => {
    const world = openEngineWorld([echo, notify]);

    await world.run(playbook, { store: refusing(world.engine.store, refuses) });

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({
      status: 'failed',
      results: {},
      failure: { code: 'internal', message: expect.stringContaining('1048811 bytes') },
    });
    expect(Object.values(execution.steps).flatMap(({ attempts }) => attempts)).toEqual([]);
    expect(told.filter((text) => text.includes('1048811'))).toHaveLength(1);
    expect(told.length).toBe(when === 'at the end' ? 2 : 1);
  });

  test('is not run again by a later delivery', async () => {
    const world = openEngineWorld([echo, notify]);
    await world.run(playbook, { store: refusing(world.engine.store, ({ next }) => next.kind !== 'ended_short') });
    const before = await world.recorded();

    await world.run(playbook);

    expect(await world.recorded()).toEqual(before);
  });
});

describe('two hundred steps of twenty attempts', () => {
  const steps = Array.from({ length: 200 }, (_, index) => ({
    id: `step_${'l'.repeat(50)}_${index}`,
    type: 'fails',
    onFailure: 'continue',
    retry: { maxAttempts: 20, initialDelay: '1ms', maxDelay: '1ms' },
  }));

  test('fit into one record: of each it holds the first and the last attempts, and counts the others', async () => {
    const world = openEngineWorld([fails, notify]);

    await world.run(aPlaybook(steps, { deadline: '7d', ...alerts }));

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({ status: 'failed', stepsExecuted: 201 });
    const [step] = Object.values(execution.steps).toSorted((a, b) => a.order - b.order);
    expect(step?.attempts.map(({ number }) => number)).toEqual([1, 2, 17, 18, 19, 20]);
    expect(step?.omitted).toEqual({ count: 14, failed: 14, modelCalls: [] });
    expect(weightOf(execution)).toBeLessThan(800_000);
    expect(told).toHaveLength(1);
  });

  test('that say more than a record holds end it as full, and people are told', async () => {
    const long = '🌸'.repeat(200);
    const wordy = scripted('wordy', ({ with: value }) => {
      throw new PlaybookError('unavailable', `${long} ${JSON.stringify(value)}`);
    });
    const world = openEngineWorld([wordy, notify]);
    const wordySteps = steps.map((step) => ({ ...step, type: 'wordy', with: Array.from({ length: 8 }, () => long) }));

    await world.run(aPlaybook(wordySteps, { deadline: '7d', ...alerts }));

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failure: { code: 'output_too_large', message: expect.stringContaining('The record of this execution is full') },
      steps: { $alert: { status: 'succeeded' } },
    });
    expect(told).toHaveLength(1);
  });
});

describe('an alert that outlives its record', () => {
  const hangs = scripted('hangs', () => new Promise(() => undefined));

  /** A playbook whose step hangs at its deadline, and whose alert does what the test says, attempt by attempt. */
  function late(...attempts: Promise<unknown>[]) {
    let calls = 0;
    const slow = scripted('notify', () => attempts[(calls += 1) - 1] ?? 'told', {
      does: 'keyed',
      fields: Object.fromEntries(['channels', 'priority', 'subject', 'body'].map((name) => [name, JsonValue])),
    });
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

test('an execution with all the inputs and labels that it may have ends in its record, whatever its steps say', async () => {
  const wordy = scripted('wordy', ({ with: value }) => {
    throw new PlaybookError('unavailable', `${'漢'.repeat(1_000)} ${JSON.stringify(value)}`);
  });
  const world = openEngineWorld([wordy, notify]);
  const steps = Array.from({ length: 200 }, (_, index) => ({
    id: `s${index}`,
    type: 'wordy',
    with: '漢'.repeat(3_000),
    onFailure: 'continue',
  }));
  const labels = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`l${index}`, '漢'.repeat(200)]));
  const inputs = Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [
      `i${index}`,
      { type: 'string' as const, maxLength: 10_000, default: '漢'.repeat(10_000) },
    ]),
  );

  await world.run(aPlaybook(steps, { deadline: '7d', labels, inputs, ...alerts }));

  expect(await world.recorded()).toMatchObject({ status: 'failed', failure: { code: 'output_too_large' } });
  expect(told).toHaveLength(1);
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

describe('a runner that is to shut down', () => {
  const controller = () => {
    const begun = new AbortController();
    const over = new AbortController();
    return { begun, over, shutdown: { begun: begun.signal, over: over.signal } };
  };

  test.each(['none', 'keyed'] as const)(
    'leaves a step of effect %s at once, and the next delivery goes on without waiting',
    async (does) => {
      let runs = 0;
      const slow = scripted('slow', () => ((runs += 1) === 1 ? new Promise(() => undefined) : 'done'), { does });
      const world = openEngineWorld([echo, slow]);
      const { begun, shutdown } = controller();
      const playbook = aPlaybook([
        { id: 'before', type: 'echo', with: 1 },
        { id: 'slow', type: 'slow' },
      ]);
      const first = world.run(playbook, { engine: { ...world.engine, shutdown } });
      await settle();

      begun.abort(new ShuttingDown());
      await first;
      await world.run(playbook);

      const execution = ended(await world.recorded());
      expect(execution).toMatchObject({ status: 'succeeded', results: { before: 1, slow: 'done' } });
      expect(execution.steps['slow']?.attempts.map(({ status }) => status)).toEqual(['interrupted', 'succeeded']);
    },
  );

  test('waits for an effect that could happen twice, and begins nothing after it', async () => {
    const posted = Promise.withResolvers<string>();
    let posts = 0;
    const post = scripted('post', () => ((posts += 1), posted.promise), { does: 'unkeyed' });
    const world = openEngineWorld([echo, post]);
    const { begun, shutdown } = controller();
    const playbook = aPlaybook([
      { id: 'post', type: 'post' },
      { id: 'after', type: 'echo', with: 'after' },
    ]);
    const first = world.run(playbook, { engine: { ...world.engine, shutdown } });
    await settle();

    begun.abort(new ShuttingDown());
    await settle();
    posted.resolve('posted');
    await first;
    const left = await world.recorded();
    await world.run(playbook);

    expect(left).toMatchObject({
      status: 'running',
      lease: { durationMs: 0 },
      steps: { post: { status: 'succeeded' } },
    });
    expect(left.steps).not.toHaveProperty('after');
    expect(posts).toBe(1);
    expect(await world.recorded()).toMatchObject({ status: 'succeeded', results: { after: 'after' } });
  });

  test('does not count as one that vanished', async () => {
    const slow = scripted('slow', () => new Promise(() => undefined));
    const world = openEngineWorld([slow]);
    const playbook = aPlaybook([{ id: 'slow', type: 'slow' }]);
    for (let deploy = 0; deploy < 5; deploy += 1) {
      const { begun, shutdown } = controller();
      const run = world.run(playbook, { engine: { ...world.engine, shutdown } });
      await settle();
      begun.abort(new ShuttingDown());
      await run;
    }

    expect(await world.recorded()).toMatchObject({ status: 'running', lease: { takeovers: 4, interruptions: 0 } });
  });
});

/** Lets everything that can happen without the clock happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
}
