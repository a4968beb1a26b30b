import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aPlaybook, ended, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { PlaybookError } from '#core/failure.ts';
import type { JsonObject } from '#core/json.ts';

const alerts = { channels: ['slack'], to: ['operator'], priority: 'high' as const };
const measure = (value: string) => [
  { id: 'errors', name: 'Error rate', value, unit: '%', ok: 'value < 1', alert: 'value > 5' },
];

/** The engine with a step that leaves a value, and a `notify` that keeps what it was asked to tell. */
function worldThatTells(tell: () => void = () => undefined) {
  const told: JsonObject[] = [];
  const notify = telling('notify', (input) => (tell(), told.push(input), null));
  const leave = scripted('leave', ({ with: value }) => value);
  const fail = scripted('fail', () => {
    throw new PlaybookError('rejected', 'No.');
  });
  const slow = scripted('slow', (_, { clock, signal }) => clock.sleep(20 * 60_000, signal));
  return { ...openEngineWorld([notify, leave, fail, slow]), told };
}

const leaving = (value: unknown) =>
  aPlaybook([{ id: 'one', type: 'leave', with: z.json().parse(value) }], {
    alerts,
    criteria: measure('steps.one.output'),
  });

describe('people are told', () => {
  test('when a criterion is in its alert band', async () => {
    const world = worldThatTells();

    await world.run(leaving(7.25));

    expect(world.told).toEqual([
      {
        channels: ['slack'],
        to: ['operator'],
        priority: 'high',
        subject: 'Test: Error rate',
        body: '- **Error rate**: 7.25%',
      },
    ]);
    expect(ended(await world.recorded())).toMatchObject({
      status: 'succeeded',
      criteria: [{ id: 'errors', value: 7.25, band: 'alert', unit: '%' }],
      steps: { $alert: { type: 'notify', status: 'succeeded' } },
    });
  });

  test.each([
    ['ok', 0.5],
    ['warn', 3],
    ['unknown', null],
  ])('nothing when every criterion is %s', async (band, value) => {
    const world = worldThatTells();

    await world.run(leaving(value));

    expect(world.told).toEqual([]);
    expect(await world.recorded()).toMatchObject({ criteria: [{ band }] });
  });

  test('when the execution fails, and why', async () => {
    const world = worldThatTells();

    await world.run(aPlaybook([{ id: 'bad', type: 'fail' }], { alerts }));

    expect(world.told).toMatchObject([{ subject: 'Test failed', body: 'The step **bad** failed: No.\n' }]);
  });

  test('of a failed step by its name, with its path behind it', async () => {
    const world = worldThatTells();

    await world.run(aPlaybook([{ id: 'bad', name: 'Draft the mails', type: 'fail' }], { alerts }));

    expect(world.told).toMatchObject([{ body: 'The step **Draft the mails** (bad) failed: No.\n' }]);
  });

  test('when the deadline has passed', async () => {
    const world = worldThatTells();

    await world.run(aPlaybook([{ id: 'long', type: 'slow', timeout: '1h' }], { alerts }));

    expect(world.told).toMatchObject([{ subject: 'Test failed' }]);
    expect(await world.recorded()).toMatchObject({ failure: { code: 'deadline_exceeded' } });
  });

  test('once, also when the slot is delivered again', async () => {
    const world = worldThatTells();

    await world.run(leaving(9));
    await world.run(leaving(9));

    expect(world.told).toHaveLength(1);
  });

  test('also when the first attempt fails after the deadline has passed', async () => {
    let attempts = 0;
    const world = worldThatTells(() => {
      attempts += 1;
      if (attempts === 1) throw new PlaybookError('unavailable', 'Slack is down.');
    });

    await world.run(aPlaybook([{ id: 'long', type: 'slow', timeout: '1h' }], { alerts }));

    expect(world.told).toHaveLength(1);
  });

  test('and the record names what failed first, also when the alert reaches nobody', async () => {
    const world = worldThatTells(() => {
      throw new PlaybookError('unauthenticated', 'The webhook was revoked.');
    });

    await world.run(aPlaybook([{ id: 'bad', type: 'fail', onFailure: 'continue' }], { alerts }));

    expect(await world.recorded()).toMatchObject({ status: 'failed', failedStep: 'bad' });
  });

  test('or the execution fails: an alert that reaches nobody is worse than silence', async () => {
    const world = worldThatTells(() => {
      throw new PlaybookError('unauthenticated', 'The webhook was revoked.');
    });

    await world.run(leaving(9));

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: '$alert',
      failure: { code: 'unauthenticated' },
    });
  });

  test('what was measured, also where it looks like a template', async () => {
    const world = worldThatTells();
    const criteria = [{ id: 'text', value: 'steps.one.output', ok: 'false', alert: 'true' }];

    await world.run(aPlaybook([{ id: 'one', type: 'leave', with: 'ten: $${{ 5 + 5 }}' }], { alerts, criteria }));

    expect(world.told).toMatchObject([{ body: '- **text**: ten: ${{ 5 + 5 }}' }]);
  });
});
