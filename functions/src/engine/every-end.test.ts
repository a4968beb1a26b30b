import type { Attempt } from './record/attempt.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { refusing } from '#testing/builders/refusing-store.ts';
import type { ExecutionChanges } from './record/execution-store.ts';
import { PlaybookError } from '#core/failure.ts';
import { weightOf } from '#core/json-weight.ts';

const told: string[] = [];
afterEach(() => void told.splice(0));

const notify = telling('notify', ({ body }) => (told.push(JSON.stringify(body)), 'told'));
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

describe('a record that the database refuses', () => {
  const playbook = aPlaybook(
    [
      { id: 'one', type: 'echo', with: 'kept' },
      { id: 'two', type: 'notify', channels: [], priority: '', subject: 'step', body: 'two' },
    ],
    alerts,
  );

  test.each([
    ['in the middle', (changes: ExecutionChanges) => changes.next.kind === 'running'],
    ['at the end', (changes: ExecutionChanges) => changes.next.kind === 'ended'],
  ])('%s ends short, with the reason, and people are told once', async (when, refuses) => {
    const world = openEngineWorld([echo, notify]);

    await world.run(playbook, { store: refusing(world.engine.store, refuses) });

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({
      status: 'failed',
      results: {},
      failure: { code: 'internal', message: expect.stringContaining('1048811 bytes') },
    });
    expect(Object.values(execution.steps).flatMap(({ attempts }): readonly Attempt[] => attempts)).toEqual([]);
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
