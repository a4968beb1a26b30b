import { describe, expect, test } from 'vitest';
import { aPlaybook, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import type { ExecutionStore } from './record/execution-store.ts';

const TICK_MS = 20;

/** Lets a write that is due be made. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

/**
 * The pauses, in milliseconds, between the writes of `ticks` steps without effects of 20 ms each, in an execution that
 * is `ageMs` old when they begin; before the first of them an effect is flushed.
 */
async function pausesAfter(ageMs: number, leaseMs: number, ticks = 150): Promise<readonly number[]> {
  const writtenMs: number[] = [];
  let beganMs = Infinity;
  const now = (): number => world.clock.now().getTime();
  const world = openEngineWorld([
    scripted('old', async (_, { clock }) => {
      for (let passed = 0; passed < ageMs; passed += 1_000) {
        await clock.sleep(1_000);
        await turns();
      }
    }),
    scripted('effect', () => null, { does: 'keyed' }),
    scripted('tick', async (_, { clock }) => {
      if (beganMs === Infinity) beganMs = now();
      await clock.sleep(TICK_MS);
      await turns();
    }),
  ]);
  const write: ExecutionStore['write'] = async (...args) => {
    writtenMs.push(now());
    return world.engine.store.write(...args);
  };
  const steps = [
    { id: 'old', type: 'old', timeout: '1h' },
    { id: 'effect', type: 'effect' },
    ...Array.from({ length: ticks }, (_, index) => ({ id: `s${index}`, type: 'tick' })),
  ];
  await world.run(aPlaybook(steps, { deadline: '2h' }), {
    engine: { ...world.engine, leaseMs },
    store: { ...world.engine.store, write },
  });
  // The last write does not wait.
  const spaced = [beganMs, ...writtenMs.filter((atMs) => atMs > beganMs).slice(0, -1)];
  return spaced.slice(1).map((atMs, index) => atMs - (spaced[index] ?? 0));
}

describe('the writes of steps without effects', () => {
  test.each([
    ['a twentieth of the age of a young execution', 4_000, 600_000, 200],
    ['the same when it is older', 10_000, 600_000, 500],
    ['a second when it is 20 seconds old', 20_000, 600_000, 1_000],
    ['a second, however old it is', 300_000, 600_000, 1_000],
    ['a sixth of the lease where that is shorter', 60_000, 3_000, 500],
    ['a sixth of the lease where that is hardly shorter', 60_000, 5_400, 900],
    ['a second where a sixth of the lease is as long', 60_000, 6_000, 1_000],
  ])('are spaced out by %s, also after a write that could not wait', async (_, ageMs, leaseMs, pauseMs) => {
    const pauses = await pausesAfter(ageMs, leaseMs);

    // It grows older meanwhile, and a step ends at most a tick later.
    const grownMs = Math.min(1_000, leaseMs / 6, pauseMs + 150);
    expect(pauses.length).toBeGreaterThan(1);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(pauseMs - TICK_MS);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(grownMs + TICK_MS);
  });
});
