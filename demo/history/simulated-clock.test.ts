import { describe, expect, test } from 'vitest';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { simulatedClock } from './simulated-clock.ts';

const REAL = '2026-11-20T14:00:00.000Z';
const PAST = new Date('2026-11-01T09:00:07.000Z');

describe('the simulated clock', () => {
  test('shows the real time outside every action', () => {
    expect(simulatedClock(fakeClock(REAL)).now()).toEqual(new Date(REAL));
  });

  test('shows the instant of the action, plus the time that has really passed', async () => {
    const real = fakeClock(REAL);
    const clock = simulatedClock(real);
    await clock.at(PAST, async () => {
      expect(clock.now()).toEqual(PAST);
      await Promise.resolve();
      real.advance(250);
      expect(clock.now()).toEqual(new Date(PAST.getTime() + 250));
    });
    expect(clock.now()).toEqual(new Date(Date.parse(REAL) + 250));
  });

  test('shows each of several actions its own time', async () => {
    const clock = simulatedClock(fakeClock(REAL));
    const instants = [PAST, new Date('2026-11-02T00:00:00.000Z'), new Date('2026-11-03T00:00:00.000Z')];
    const seen = await Promise.all(
      instants.map((instant) =>
        clock.at(instant, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return clock.now();
        }),
      ),
    );
    expect(seen).toEqual(instants);
  });

  test('makes no sleep wait, and lets its time pass', async () => {
    const clock = simulatedClock();
    const startedMs = performance.now();
    const woken = await clock.at(PAST, async () => {
      await clock.sleep(3_600_000);
      return clock.now();
    });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(woken.getTime() - PAST.getTime()).toBeGreaterThanOrEqual(3_600_000);
  });

  test('lets two sleeps that begin together pass at the same time', async () => {
    const clock = simulatedClock(fakeClock(REAL));
    const woken = await clock.at(PAST, async () => {
      await Promise.all([clock.sleep(1_000), clock.sleep(3_000), clock.sleep(3_000)]);
      return clock.now();
    });
    expect(woken).toEqual(new Date(PAST.getTime() + 3_000));
  });

  test('ends a sleep that is aborted, with the reason', async () => {
    const clock = simulatedClock(fakeClock(REAL));
    const stopped = clock.at(PAST, () => clock.sleep(1_000, AbortSignal.abort(new Error('Stop.'))));
    await expect(stopped).rejects.toThrow('Stop.');
  });

  test('has real timers, which fire in the time of their action', async () => {
    const clock = simulatedClock();
    const seen = await clock.at(
      PAST,
      () => new Promise<Date>((resolve) => void clock.after(5, () => resolve(clock.now()))),
    );
    expect(seen.getTime() - PAST.getTime()).toBeLessThan(5_000);
  });
});
