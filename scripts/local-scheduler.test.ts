import { describe, expect, test } from 'vitest';
import type { Clock } from '../functions/src/engine/clock.ts';
import { fakeClock } from '../functions/src/testing/fake-clock.ts';
import type { RunnerAnswer } from './call-runner.ts';
import { dueIn, firstSlots, keepSchedules, nextJob, type Delivered, type LocalJob } from './local-scheduler.ts';

const START = '2026-11-20T14:30:00.000Z';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SUCCEEDED: RunnerAnswer = { httpStatus: 200, status: 'succeeded' };

function job(playbookId: string, cron: string, timeZone = 'UTC'): LocalJob {
  return {
    playbookId,
    playbookName: playbookId,
    name: playbookId,
    description: '',
    cron,
    timeZone,
    target: { method: 'POST', url: `http://127.0.0.1/?playbookId=${playbookId}`, headers: {}, oidc: undefined },
    attemptDeadlineMs: 1000,
    retry: { count: 3, maxDurationMs: 0, minBackoffMs: 5_000, maxBackoffMs: 15_000, maxDoublings: 5 },
  };
}

const at = (text: string): Date => new Date(text);
const hourly = job('hourly', '0 * * * *');

/** A scheduler on a clock that moves only when the test says so; `pass` lets everything happen that falls due. */
function running(options: {
  readonly jobs: () => readonly LocalJob[];
  readonly call?: (job: LocalJob, slot: Date) => Promise<RunnerAnswer>;
}) {
  const fake = fakeClock(START);
  const clock: Clock = {
    ...fake,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        fake.after(delayMs, resolve);
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };
  const stop = new AbortController();
  const calls: { readonly playbookId: string; readonly slot: string; readonly at: string }[] = [];
  const told: Delivered[] = [];
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const ended = keepSchedules(
    {
      clock,
      jobs: async () => options.jobs(),
      call(called, slot) {
        calls.push({ playbookId: called.playbookId, slot: slot.toISOString(), at: fake.now().toISOString() });
        return options.call?.(called, slot) ?? Promise.resolve(SUCCEEDED);
      },
      tell: (delivered) => told.push(delivered),
    },
    fake.now(),
    stop.signal,
  );
  return {
    calls,
    told,
    async pass(byMs: number, stepMs = 5_000) {
      for (let passedMs = 0; passedMs < byMs; passedMs += stepMs) {
        await settled();
        fake.advance(stepMs);
      }
      await settled();
    },
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

describe('what is due', () => {
  test('a slot is due from the minute it names', () => {
    expect(dueIn(hourly, at('2026-11-20T14:59:00Z'), at('2026-11-20T14:59:59.999Z'))).toBeUndefined();
    expect(dueIn(hourly, at('2026-11-20T14:59:00Z'), at('2026-11-20T15:00:00Z'))).toEqual(at('2026-11-20T15:00:00Z'));
  });

  test('a slot that was seen is not due again', () => {
    expect(dueIn(hourly, at('2026-11-20T15:00:00Z'), at('2026-11-20T15:30:00Z'))).toBeUndefined();
  });

  test('of several slots only the latest is due', () => {
    expect(dueIn(hourly, at('2026-11-20T09:10:00Z'), at('2026-11-20T15:30:00Z'))).toEqual(at('2026-11-20T15:00:00Z'));
  });

  test('the next job is the one whose slot comes first', () => {
    const daily = job('daily', '0 9 * * *', 'America/New_York');
    const next = nextJob([daily, hourly], at('2026-11-20T13:10:00Z'));
    expect([next?.job.name, next?.slot]).toEqual(['daily', at('2026-11-20T14:00:00Z')]);
    expect(nextJob([], at(START))).toBeUndefined();
  });

  test('a start delivers the latest slot, or else the minute it is', () => {
    expect(firstSlots(hourly, at('2026-11-20T14:30:42Z'))).toEqual([
      at('2026-11-20T14:00:00Z'),
      at('2026-11-20T14:30:00Z'),
    ]);
  });

  test('a slot of more than a day ago is not delivered at a start', () => {
    const weekly = job('weekly', '0 8 * * 1', 'America/New_York');
    expect(firstSlots(weekly, at('2026-11-20T14:30:42Z'))).toEqual([at('2026-11-20T14:30:00Z')]);
  });
});

describe('keeping the schedules', () => {
  test('every slot is delivered once, in its minute', async () => {
    const scheduler = running({ jobs: () => [hourly] });
    await scheduler.pass(3 * HOUR_MS);
    await scheduler.stop();
    expect(scheduler.calls).toEqual(
      ['15', '16', '17'].map((hour) => ({
        playbookId: 'hourly',
        slot: `2026-11-20T${hour}:00:00.000Z`,
        at: `2026-11-20T${hour}:00:00.000Z`,
      })),
    );
  });

  test('a failed delivery is repeated for the same slot, each time after longer', async () => {
    const scheduler = running({
      jobs: () => [hourly],
      call: async () => ({ httpStatus: 503, status: 'unavailable' }),
    });
    await scheduler.pass(40 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.calls.map(({ at: time }) => time.slice(14, 19))).toEqual(['00:00', '00:05', '00:15', '00:30']);
    expect(new Set(scheduler.calls.map(({ slot }) => slot)).size).toBe(1);
    expect(scheduler.told).toHaveLength(1);
  });

  test('a runner that cannot be reached is told of, and the next slot is delivered all the same', async () => {
    let isUp = false;
    const scheduler = running({
      jobs: () => [hourly],
      call: async () => {
        if (!isUp) throw new Error('connect ECONNREFUSED');
        return SUCCEEDED;
      },
    });
    await scheduler.pass(40 * MINUTE_MS);
    isUp = true;
    await scheduler.pass(HOUR_MS);
    await scheduler.stop();
    expect(scheduler.told.map((one) => (one.kind === 'unanswered' ? one.problem : one.answer.status))).toEqual([
      'connect ECONNREFUSED',
      'succeeded',
    ]);
  });

  test('two deliveries of one job are never under way at the same time; what fell due meanwhile follows', async () => {
    const everyMinute = job('slow', '* * * * *');
    const answers: ((answer: RunnerAnswer) => void)[] = [];
    const scheduler = running({
      jobs: () => [everyMinute],
      call: () => new Promise((resolve) => answers.push(resolve)),
    });
    await scheduler.pass(5 * MINUTE_MS);
    expect(scheduler.calls).toHaveLength(1);
    answers[0]?.(SUCCEEDED);
    await scheduler.pass(MINUTE_MS);
    expect(scheduler.calls.map(({ slot }) => slot)).toEqual(['2026-11-20T14:31:00.000Z', '2026-11-20T14:36:00.000Z']);
    for (const answer of answers) answer(SUCCEEDED);
    await scheduler.stop();
  });

  test('a slow job does not keep another one from its slot', async () => {
    const jobs = [job('slow', '* * * * *'), job('quick', '* * * * *')];
    const never = new Promise<RunnerAnswer>(() => undefined);
    const scheduler = running({ jobs: () => jobs, call: async ({ name }) => (name === 'slow' ? never : SUCCEEDED) });
    await scheduler.pass(3 * MINUTE_MS);
    expect(scheduler.calls.filter(({ playbookId }) => playbookId === 'quick')).toHaveLength(3);
  });

  test('a machine that slept delivers the latest slot only', async () => {
    const scheduler = running({ jobs: () => [hourly] });
    await scheduler.pass(8 * HOUR_MS, 8 * HOUR_MS);
    await scheduler.stop();
    expect(scheduler.calls.map(({ slot }) => slot)).toEqual(['2026-11-20T22:00:00.000Z']);
  });

  test('a job that is no longer there is delivered no more', async () => {
    let jobs = [hourly];
    const scheduler = running({ jobs: () => jobs });
    await scheduler.pass(HOUR_MS);
    jobs = [];
    await scheduler.pass(2 * HOUR_MS);
    await scheduler.stop();
    expect(scheduler.calls).toHaveLength(1);
  });
});
