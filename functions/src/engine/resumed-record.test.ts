import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { aPlaybook, finished, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { behind, dyingAfter } from '#testing/builders/mortal-store.ts';
import type { FinishedExecution } from './record/execution.ts';
import type { StepRecord } from './record/step-schema.ts';

const LEASE_AND_A_BIT_MS = 61_000;
const BEHIND_MS = 5 * 60_000;

type Steps = Parameters<typeof aPlaybook>[0];

function openWorld() {
  const keys: string[] = [];
  const effect = scripted('effect', (_, { idempotencyKey }) => (keys.push(idempotencyKey), 'sent'), { does: 'keyed' });
  const notify = telling('notify', async (_, { clock, idempotencyKey }) => {
    keys.push(idempotencyKey);
    await clock.sleep(5_000);
    return 'told';
  });
  const fail = scripted('fail', () => {
    throw new PlaybookError('rejected', 'No.', { details: { why: 'because' } });
  });
  const slow = scripted('slow', async ({ with: value }, { clock }) => (await clock.sleep(1_000), value ?? null));
  const large = scripted('large', () => ({ text: '🙂'.repeat(20_000), size: 7 }));
  return { ...openEngineWorld([effect, notify, fail, slow, large]), keys };
}

const effect = (id: string) => ({ id, type: 'effect' });
const bad = { id: 'bad', type: 'fail', onFailure: 'continue' };
const choose = (id: string, then: object[], more: object = {}) => ({
  id,
  type: 'condition',
  if: 'true',
  then,
  ...more,
});

/** Every kind of state that a record can hold of a step that has ended, by what it is. */
const kinds: readonly (readonly [string, readonly object[]])[] = [
  ['an output', [{ id: 'one', type: 'slow', with: [1, { a: null }] }]],
  ['a large output', [{ id: 'one', type: 'large' }]],
  ['an effect', [effect('one')]],
  ['a step that was left out', [{ id: 'one', type: 'effect', if: 'false' }]],
  ['a failure that was gone on after', [{ ...bad, id: 'one' }]],
  ['a failure that does not matter', [{ ...bad, id: 'one', critical: false }]],
  ['a failure that was jumped from', [{ ...bad, id: 'one', onFailure: 'see' }, effect('between')]],
  ['a failure that ends it', [{ ...bad, id: 'one', onFailure: 'abort' }]],
  ['an if that cannot be told', [{ ...effect('one'), if: '1', onFailure: 'continue' }]],
  ['a block', [choose('one', [effect('inside')])]],
  ['the other block', [choose('one', [effect('inside')], { if: 'false', else: [effect('other')] })]],
  ['no block', [choose('one', [effect('inside')], { if: 'false' })]],
  [
    'a block that failed',
    [choose('one', [effect('inside'), { ...bad, onFailure: 'abort' }], { onFailure: 'continue' })],
  ],
  ['a failure in a block that was gone on after', [choose('one', [bad, effect('inside')])]],
  ['blocks in a block', [choose('one', [choose('two', [choose('three', [bad, effect('inside')])])])]],
  ['a decision that cannot be made', [choose('one', [effect('inside')], { if: '1', onFailure: 'continue' })]],
];

const see = {
  id: 'see',
  type: 'slow',
  with: { status: '${{ steps.one.status }}', output: '${{ steps.one.output }}', failure: '${{ steps.one.failure }}' },
};
const criteria = [
  { id: 'seen', value: 'steps.one.status', ok: 'false', alert: 'true' },
  { id: 'at', value: 'string(now)', ok: 'true', alert: 'false' },
];
const playbookOf = (steps: readonly object[]) =>
  aPlaybook([...steps.map((step): Steps[number] => ({ id: '', type: '', ...step })), see, effect('last')], {
    criteria,
    alerts: { channels: ['any'] },
    deadline: '7d',
  });

/** What a record says, but for the times and how often something was tried. */
function said({ steps, criteria: measured, ...execution }: FinishedExecution) {
  const { status, results, stepsExecuted } = execution;
  const end = status === 'failed' ? { failure: execution.failure, failedStep: execution.failedStep } : {};
  const bands = measured.filter(({ id }) => id !== 'at');
  const all = Object.values(steps).toSorted((a, b) => a.order - b.order);
  return { status, results, stepsExecuted, bands, ...end, steps: all.map(saidOf) };
}

function saidOf(step: StepRecord) {
  const { path, order, status, block } = step;
  const last = step.attempts.at(-1);
  const end = step.status === 'failed' ? { failure: step.failure, continued: step.continued } : {};
  return { path, order, status, block, last: last?.status, input: last?.input, ...end };
}

/** Every duration of a record, in milliseconds. */
function durationsOf({ duration, steps }: FinishedExecution): readonly number[] {
  const parts = Object.values(steps).flatMap((step) => [step, ...step.attempts]);
  return [duration, ...parts.flatMap((part) => ('durationMs' in part ? [part.durationMs] : []))];
}

/** When the last step of the playbook itself ended, or the execution began. */
function measuredAt({ startedAt, steps }: FinishedExecution): string {
  const own = Object.values(steps).filter(({ path }) => path !== '$alert');
  const ends = own.map(({ completedAt }) => completedAt.getTime());
  return new Date(Math.max(startedAt.getTime(), ...ends)).toISOString();
}

describe('an execution with', () => {
  test.each(kinds)(
    '%s, stopped after any call of the database and resumed by a runner whose clock is behind, says what it would have said',
    async (_, steps) => {
      const playbook = playbookOf(steps);
      const undisturbed = openWorld();
      const whole = dyingAfter(undisturbed.engine.store);
      const expected = finished(await undisturbed.run(playbook, { store: whole.store }));

      for (let calls = 1; calls <= whole.calls(); calls += 1) {
        const world = openWorld();
        const first = dyingAfter(world.engine.store, calls);
        await Promise.race([world.run(playbook, { store: first.store }), first.died]);
        world.clock.advance(LEASE_AND_A_BIT_MS);
        const later = behind(world.clock, BEHIND_MS);

        await world.run(playbook, { engine: { ...world.engine, clock: later } });

        const execution = finished(await world.recorded());
        expect(said(execution), `stopped after ${calls} calls`).toEqual(said(expected));
        expect(new Set(world.keys)).toEqual(new Set(undisturbed.keys));
        expect(Math.min(...durationsOf(execution))).toBeGreaterThanOrEqual(0);
        expect(execution.criteria.find(({ id }) => id === 'at')?.value).toBe(measuredAt(execution));
      }
    },
  );
});

test('an execution whose alert killed three runners has measured at the end of its own steps, not of its alert', async () => {
  const first: { kill: () => void } = { kill: () => undefined };
  const notify = telling('notify', ({ channels }) => {
    if (JSON.stringify(channels) === '["dashboard"]') return 'told';
    first.kill();
    return new Promise(() => undefined);
  });
  const leave = scripted('leave', () => 1);
  const world = openEngineWorld([leave, notify]);
  const playbook = aPlaybook([{ id: 'one', type: 'leave' }], {
    criteria: [{ id: 'at', value: 'string(now)', ok: 'false', alert: 'true' }],
    alerts: { channels: ['any'] },
    deadline: '7d',
  });
  for (let death = 1; death <= 3; death += 1) {
    const store = dyingAfter(world.engine.store);
    first.kill = store.kill;
    await Promise.race([world.run(playbook, { store: store.store }), store.died]);
    world.clock.advance(LEASE_AND_A_BIT_MS);
  }

  await world.run(playbook);

  const execution = finished(await world.recorded());
  expect(execution.steps['$alert']?.status).toBe('failed');
  expect(execution.steps['$alert_dashboard']?.status).toBe('succeeded');
  expect(execution.criteria).toEqual([{ id: 'at', band: 'alert', value: '2026-11-20T14:00:00.000Z' }]);
});
