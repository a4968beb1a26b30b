import { describe, expect, test } from 'vitest';
import type { Control } from '#records/settings/control.ts';
import { aCall, openRunner, type OpenRunnerOptions } from '#testing/runner/open-runner.ts';

const SLOT_MS = Date.parse('2026-11-20T14:00:00.000Z');
const at = (ms: number): string => new Date(SLOT_MS + ms).toISOString();
const DAY_MS = 86_400_000;

async function answered(options: OpenRunnerOptions) {
  const runs: unknown[] = [];
  const runner = openRunner({ ...options, does: () => runs.push(1) });
  const { status, body } = await runner.answer(aCall());
  return { status, said: body['status'], reason: body['reason'], runs: runs.length };
}

const RAN = { status: 200, said: 'succeeded', reason: undefined, runs: 1 };
const skipped = (reason: string) => ({ status: 200, said: 'skipped', reason, runs: 0 });

describe('a slot', () => {
  test.each([0, 1, DAY_MS - 1, DAY_MS])('runs %i ms late', async (ms) => {
    expect(await answered({ now: at(ms) })).toEqual(RAN);
  });

  test.each([DAY_MS + 1, DAY_MS + 60_000])('is skipped %i ms late, more than a day', async (ms) => {
    expect(await answered({ now: at(ms) })).toEqual(skipped('stale'));
  });
});

describe('a pause', () => {
  const pausedUntil = (ms: number | null): OpenRunnerOptions => {
    const until = ms === null ? null : new Date(SLOT_MS + ms);
    return { now: at(1_000), record: { pause: { reason: 'r', until, by: 'leo' } } };
  };

  test.each([1_001, 2_000, null])('holds until %s ms, when it is 1000', async (ms) => {
    expect(await answered(pausedUntil(ms))).toEqual(skipped('paused'));
  });

  test.each([-1, 999, 1_000])('has ended at %i ms, when it is 1000', async (ms) => {
    expect(await answered(pausedUntil(ms))).toEqual(RAN);
  });
});

const CONTROLS: readonly (readonly [Control['mode'], object])[] = [
  ['run', RAN],
  ['drain', skipped('maintenance')],
  ['maintenance', skipped('maintenance')],
  ['halt', skipped('maintenance')],
];

describe("the operators' mode", () => {
  test.each(CONTROLS)('%s is answered so', async (mode, expected) => {
    const said = { until: null, reason: 'Moving', by: 'leo' };
    const control: Control = mode === 'run' ? { mode, ...said } : { mode, ...said };

    expect(await answered({ control })).toEqual(expected);
  });
});

describe('of several reasons', () => {
  const pause = { reason: 'r', until: null, by: 'leo' };
  const control: Control = { mode: 'halt', until: null, reason: 'r', by: 'leo' };
  const now = at(2 * DAY_MS);

  test.each<readonly [string, OpenRunnerOptions]>([
    ['disabled', { record: { enabled: false, pause }, control, now }],
    ['paused', { record: { pause }, control, now }],
    ['maintenance', { control, now }],
    ['stale', { now }],
  ])('the first is told: %s', async (reason, options) => {
    expect(await answered(options)).toEqual(skipped(reason));
  });
});
