import { describe, expect, test } from 'vitest';
import type { RunnerAnswer } from './call-runner.ts';
import type { LocalJob } from './delivery-queues.ts';
import { dueSlots, nextJob } from './local-scheduler.ts';
import { aLocalJob as job, runningScheduler as running, START } from './running-scheduler.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SUCCEEDED: RunnerAnswer = { httpStatus: 200, status: 'succeeded' };

const at = (text: string): Date => new Date(text);
const hourly = job('hourly', '0 * * * *');
const everyMinute = job('minutely', '* * * * *');

describe('what is due', () => {
  test('a slot is due from the minute it names', () => {
    expect(dueSlots(hourly, at('2026-11-20T14:59:00Z'), at('2026-11-20T14:59:59.999Z'))).toEqual([]);
    expect(dueSlots(hourly, at('2026-11-20T14:59:00Z'), at('2026-11-20T15:00:00Z'))).toEqual([
      at('2026-11-20T15:00:00Z'),
    ]);
  });

  test('a slot that has been delivered is not due again', () => {
    expect(dueSlots(hourly, at('2026-11-20T15:00:00Z'), at('2026-11-20T15:30:00Z'))).toEqual([]);
  });

  test('several slots are due oldest first', () => {
    expect(dueSlots(hourly, at('2026-11-20T13:10:00Z'), at('2026-11-20T15:30:00Z'))).toEqual([
      at('2026-11-20T14:00:00Z'),
      at('2026-11-20T15:00:00Z'),
    ]);
  });

  test('the next job is the one whose slot comes first', () => {
    const daily = job('daily', '0 9 * * *', 'America/New_York');
    const next = nextJob([daily, hourly], at('2026-11-20T13:10:00Z'));
    expect([next?.job.name, next?.slot]).toEqual(['daily', at('2026-11-20T14:00:00Z')]);
    expect(nextJob([], at(START))).toBeUndefined();
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

  test('a slot whose execution failed is reported at once, and not delivered again', async () => {
    const scheduler = running({
      jobs: () => [hourly],
      call: async () => ({ httpStatus: 500, status: 'failed', executionId: 'hourly_1', error: 'No.' }),
    });
    await scheduler.pass(40 * MINUTE_MS);
    await scheduler.stop();
    expect([scheduler.slots(), scheduler.told.length]).toEqual([['15:00'], 1]);
  });

  test('a runner that cannot be reached is reported, and the next slot is still delivered', async () => {
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
    expect(
      scheduler.told.map((one) =>
        one.kind === 'answered' ? one.answer.status : one.kind === 'unanswered' && one.problem,
      ),
    ).toEqual(['connect ECONNREFUSED', 'succeeded']);
  });

  test('two deliveries of one job are never under way at the same time; what fell due meanwhile follows, slot by slot', async () => {
    let underWay = 0;
    let most = 0;
    const scheduler = running({
      jobs: () => [everyMinute],
      async call(_, slot) {
        most = Math.max(most, (underWay += 1));
        // The first takes four and a half minutes.
        if (slot.toISOString().includes('14:31')) await scheduler.sleep(4.5 * MINUTE_MS);
        underWay -= 1;
        return SUCCEEDED;
      },
    });
    await scheduler.pass(7 * MINUTE_MS);
    await scheduler.stop();
    expect([most, scheduler.slots()]).toEqual([1, ['14:31', '14:32', '14:33', '14:34', '14:35', '14:36', '14:37']]);
  });

  test('what waits behind an endless execution is bounded, and skipped slots are reported', async () => {
    const ends = Promise.withResolvers<RunnerAnswer>();
    const scheduler = running({ jobs: () => [everyMinute], call: () => ends.promise });
    await scheduler.pass(65 * MINUTE_MS);
    ends.resolve(SUCCEEDED);
    await scheduler.pass(5_000);
    await scheduler.stop();
    const passedOver = scheduler.told.flatMap((news) => (news.kind === 'passed_over' ? news.slots : []));
    expect(passedOver.map((slot) => slot.toISOString().slice(11, 16))).toEqual(['14:32', '14:33', '14:34', '14:35']);
    expect(scheduler.slots()[1]).toBe('14:36');
    expect(scheduler.slots()).toHaveLength(61);
  });

  test('a slow job does not delay another one', async () => {
    const jobs = [job('slow', '* * * * *'), job('quick', '* * * * *')];
    const never = new Promise<RunnerAnswer>(() => undefined);
    const scheduler = running({ jobs: () => jobs, call: async ({ name }) => (name === 'slow' ? never : SUCCEEDED) });
    await scheduler.pass(3 * MINUTE_MS);
    expect(scheduler.calls.filter(({ playbookId }) => playbookId === 'quick')).toHaveLength(3);
  });

  test.each([
    ['a timer that wakes a millisecond early loses', { wakesEarlyMs: 1 }],
    ['such a timer, and jobs that take their time to be read, lose', { wakesEarlyMs: 1, jobsTakeMs: 5 }],
  ])('%s no slot', async (_, options) => {
    const scheduler = running({ jobs: () => [everyMinute], ...options });
    for (let minute = 0; minute < 4; minute += 1) {
      await scheduler.pass(59_980, 59_980);
      await scheduler.pass(20, 1);
    }
    await scheduler.pass(20, 1);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['14:31', '14:32', '14:33', '14:34']);
    expect(scheduler.calls.map(({ at: time }) => time.slice(11, 16))).toEqual(scheduler.slots());
  });

  test('a round that takes longer than a minute loses no slot', async () => {
    const scheduler = running({ jobs: () => [everyMinute], jobsTakeMs: 70_000 });
    await scheduler.pass(6.5 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['14:31', '14:32', '14:33', '14:34', '14:35']);
  });

  test('a process that stood still for some minutes delivers each slot of them', async () => {
    const scheduler = running({ jobs: () => [everyMinute] });
    await scheduler.pass(MINUTE_MS);
    await scheduler.pass(4 * MINUTE_MS, 4 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['14:31', '14:32', '14:33', '14:34', '14:35']);
    expect(scheduler.told.filter(({ kind }) => kind === 'passed_over')).toEqual([]);
  });

  test('a machine that slept for hours delivers the latest slot of each job, and reports the others', async () => {
    const scheduler = running({ jobs: () => [hourly, job('daily', '0 20 * * *')] });
    await scheduler.pass(8 * HOUR_MS, 8 * HOUR_MS);
    await scheduler.stop();
    expect(scheduler.calls.map(({ playbookId, slot }) => `${playbookId} ${slot}`)).toEqual([
      'hourly 2026-11-20T22:00:00.000Z',
      'daily 2026-11-20T20:00:00.000Z',
    ]);
    const passedOver = scheduler.told.filter((news) => news.kind === 'passed_over');
    expect(passedOver).toMatchObject([{ reason: 'slept', job: { playbookId: 'hourly' } }]);
    expect(passedOver[0]?.slots).toHaveLength(7);
    expect([passedOver[0]?.slots[0], passedOver[0]?.slots.at(-1)]).toEqual([
      at('2026-11-20T15:00:00Z'),
      at('2026-11-20T21:00:00Z'),
    ]);
  });

  test('a machine that slept for a month looks back one week, and delivers one slot', async () => {
    const scheduler = running({ jobs: () => [hourly] });
    await scheduler.pass(30 * 24 * HOUR_MS, 30 * 24 * HOUR_MS);
    await scheduler.stop();
    expect(scheduler.calls).toHaveLength(1);
    expect(scheduler.told[0]).toMatchObject({ kind: 'passed_over' });
  });

  test('a clock that is set back by an hour continues with the minutes it shows', async () => {
    const scheduler = running({ jobs: () => [everyMinute] });
    await scheduler.pass(2 * MINUTE_MS);
    scheduler.setClock(-HOUR_MS);
    await scheduler.pass(3 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['14:31', '14:32', '13:34', '13:35']);
  });

  test('a clock that is set back by a second makes no slot due again', async () => {
    const scheduler = running({ jobs: () => [everyMinute] });
    await scheduler.pass(2 * MINUTE_MS);
    scheduler.setClock(-1_000);
    await scheduler.pass(2 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['14:31', '14:32', '14:33']);
  });

  test('a changed schedule applies from then on, and makes nothing in the past due', async () => {
    let jobs = [hourly];
    const scheduler = running({ jobs: () => jobs });
    await scheduler.pass(44 * MINUTE_MS);
    jobs = [job('hourly', '*/10 * * * *')];
    await scheduler.pass(20 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['15:00', '15:20', '15:30']);
  });

  test('a new job is not delivered for slots before it appeared', async () => {
    let jobs: readonly LocalJob[] = [];
    const scheduler = running({ jobs: () => jobs });
    await scheduler.pass(40 * MINUTE_MS);
    jobs = [hourly];
    await scheduler.pass(55 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['16:00']);
  });

  test('a job that is gone is no longer delivered, not even for slots that were waiting', async () => {
    let jobs = [everyMinute];
    const ends = Promise.withResolvers<RunnerAnswer>();
    const scheduler = running({ jobs: () => jobs, call: () => ends.promise });
    await scheduler.pass(3 * MINUTE_MS);
    jobs = [];
    await scheduler.pass(2 * MINUTE_MS);
    ends.resolve(SUCCEEDED);
    await scheduler.pass(2 * MINUTE_MS);
    await scheduler.stop();
    expect(scheduler.slots()).toEqual(['14:31']);
  });

  test('nothing new begins after a stop', async () => {
    const ends = Promise.withResolvers<RunnerAnswer>();
    const scheduler = running({ jobs: () => [everyMinute], call: () => ends.promise });
    await scheduler.pass(3 * MINUTE_MS);
    const stopped = scheduler.stop();
    ends.resolve(SUCCEEDED);
    await stopped;
    expect(scheduler.slots()).toEqual(['14:31']);
  });
});
