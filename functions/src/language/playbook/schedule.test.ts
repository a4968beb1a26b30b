import { describe, expect, test } from 'vitest';
import { loadExpressions } from '../expressions/expressions.ts';
import { checkSchedule, dueBefore, nextDue, scheduleWarnings, slotOf, windowOf } from './schedule.ts';

const newYork = (cron: string) => ({ cron, timeZone: 'America/New_York' });
const instants = (dates: readonly Date[]) => dates.map((date) => date.toISOString());
const problemsOf = (cron: string, timeZone = 'UTC') =>
  checkSchedule({ cron, timeZone }).map(({ field, message, suggestion }) =>
    `${field}: ${message} ${suggestion ?? ''}`.trim(),
  );

describe('what Cloud Scheduler reads', () => {
  test.each([
    '* * * * *',
    '0 9 * * 1-5',
    '*/15 0-6,20-23 1,15 JAN-MAR,dec MON-FRI',
    '0-30/5 */2 * * 7',
    '59 23 31 12 0',
    '0 0 29 2 *',
    '  0   9  *  *  *  ',
  ])('%s is a cron', (cron) => {
    expect(problemsOf(cron)).toEqual([]);
  });

  test.each([
    ['0 9 * * * *', 'has 6 fields'],
    ['0 9 * *', 'has 4 fields'],
    ['@daily', "write '0 0 * * *'"],
    ['@every 5m', 'a cron has five'],
    ['every 5 minutes', 'a cron has five'],
    ['61 * * * *', "'61' is not a number from 0 to 59"],
    ['0 24 * * *', 'from 0 to 23'],
    ['0 0 0 * *', 'from 1 to 31'],
    ['0 0 * 13 *', 'from 1 to 12, or JAN to DEC'],
    ['0 0 * * 8', 'from 0 to 7, or SUN to SAT'],
    ['0 0 * * MONDAY', "'MONDAY' is not"],
    ['0 0 L * *', "does not support 'L'"],
    ['0 0 15W * *', "does not support 'W'"],
    ['0 0 * * 5#2', "does not support '#'"],
    ['0 0 ? * *', "does not support '?'"],
    ['*/90 * * * *', 'longer than the whole minute'],
    ['*/0 * * * *', 'is not a step'],
    ['5/15 * * * *', "like '5-59/15'"],
    ['30-10 * * * *', 'runs backwards'],
    ['0 0 * * FRI-SUN', 'runs backwards'],
    ['1,,2 * * * *', 'is missing'],
    ['1-2-3 * * * *', 'not a range'],
    ['0 0 30 2 *', 'never due'],
    ['0 0 31 4,6,9,11 *', 'never due'],
    ['', 'has 1 field'],
  ])('%j is none', (cron, reason) => {
    expect(problemsOf(cron).join()).toContain(reason);
  });
});

describe('time zones', () => {
  test.each([
    'UTC',
    'America/New_York',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'Europe/Kyiv',
    'America/Argentina/Buenos_Aires',
    'Pacific/Auckland',
    'America/Port-au-Prince',
    'Africa/Dar_es_Salaam',
    'America/Port_of_Spain',
  ])('%s is one', (zone) => {
    expect(problemsOf('0 9 * * *', zone)).toEqual([]);
  });

  test.each([
    ['EST', 'America/New_York'],
    ['EDT', 'America/New_York'],
    ['EST5EDT', 'America/New_York'],
    ['US/Eastern', 'America/New_York'],
    ['america/new_york', 'America/New_York'],
    ['America/new_york', 'America/New_York'],
    ['America/New_Yrk', 'America/New_York'],
    ['New York', 'America/New_York'],
    ['NZDT', 'Pacific/Auckland'],
    ['Etc/UTC', 'UTC'],
    ['GMT', 'UTC'],
    ['utc', 'UTC'],
  ])('%s is not, and %s is suggested', (zone, instead) => {
    expect(problemsOf('0 9 * * *', zone).join()).toContain(`Did you mean '${instead}'?`);
  });

  test.each(['+05:00', 'Etc/GMT+5', 'Nowhere/Atall', '', 'Asia/KOLKATA'])('%j is not', (zone) => {
    expect(problemsOf('0 9 * * *', zone)).toHaveLength(1);
  });
});

describe('when a schedule is due', () => {
  test('the due instants before and after one are strictly before and after it', () => {
    const noon = new Date('2026-11-20T12:00:00.000Z');
    const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
    expect(dueBefore(hourly, noon)).toEqual(new Date('2026-11-20T11:00:00.000Z'));
    expect(dueBefore(hourly, new Date(noon.getTime() + 1))).toEqual(noon);
    expect(instants(nextDue(hourly, noon, 2))).toEqual(['2026-11-20T13:00:00.000Z', '2026-11-20T14:00:00.000Z']);
  });

  test('nine in the morning in New York moves with the clocks', () => {
    expect(instants(nextDue(newYork('0 9 * * 1-5'), new Date('2026-10-30T14:00:00.000Z'), 1))).toEqual([
      '2026-11-02T14:00:00.000Z',
    ]);
    expect(instants(nextDue(newYork('0 9 * * 1-5'), new Date('2026-10-29T14:00:00.000Z'), 1))).toEqual([
      '2026-10-30T13:00:00.000Z',
    ]);
  });

  test.each([
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Asia/Kolkata',
    'Africa/Cairo',
  ])(
    'a fixed time is due once on every day of two years in %s, forwards and backwards, whatever the clocks do',
    (timeZone) => {
      for (const cron of ['30 2 * * *', '30 1 * * *', '0 0 * * *', '15 3 * * *']) {
        const start = new Date('2026-01-01T12:00:00.000Z');
        const due = nextDue({ cron, timeZone }, start, 730);
        const days = due.map((instant) => instant.toLocaleDateString('sv-SE', { timeZone }));
        expect(new Set(days).size).toBe(730);
        const gapsInHours = due
          .slice(1)
          .map((instant, index) => (instant.getTime() - (due[index]?.getTime() ?? 0)) / 3_600_000);
        expect(Math.min(...gapsInHours)).toBeGreaterThanOrEqual(22);
        expect(Math.max(...gapsInHours)).toBeLessThanOrEqual(26);
        const some = [0, 66, 67, 300, 304, 305, 728];
        const before = some.map((index) => dueBefore({ cron, timeZone }, due[index + 1] ?? start));
        expect(before).toEqual(some.map((index) => due[index]));
      }
    },
  );

  test('a list of fixed times is due once at each of them on the day on which the clocks repeat an hour', () => {
    const due = nextDue(newYork('30 1,13 * * *'), new Date('2026-11-01T04:00:00.000Z'), 3);
    expect(instants(due)).toEqual(['2026-11-01T05:30:00.000Z', '2026-11-01T18:30:00.000Z', '2026-11-02T06:30:00.000Z']);
  });

  test('an hourly schedule is due in both of the repeated hours', () => {
    const due = nextDue(newYork('0 * * * *'), new Date('2026-11-01T04:30:00.000Z'), 3);
    expect(instants(due)).toEqual(['2026-11-01T05:00:00.000Z', '2026-11-01T06:00:00.000Z', '2026-11-01T07:00:00.000Z']);
  });

  test('a slot is the minute of an instant', () => {
    expect(slotOf(new Date('2026-11-20T14:00:59.999Z'))).toEqual(new Date('2026-11-20T14:00:00.000Z'));
  });
});

describe('what an execution looks at', () => {
  const weekdays = newYork('0 9 * * 1-5');
  const monday = new Date('2026-11-23T14:00:00.000Z');

  test('on Monday it is everything since Friday', () => {
    expect(windowOf(weekdays, monday, new Date('2026-11-23T14:03:00.000Z'))).toEqual({
      start: new Date('2026-11-20T14:00:00.000Z'),
      end: monday,
    });
  });

  test('started manually, it is everything since the slot before the latest one', () => {
    const now = new Date('2026-11-23T18:30:00.000Z');
    expect(windowOf(weekdays, null, now)).toEqual({ start: new Date('2026-11-20T14:00:00.000Z'), end: now });
  });

  test('without a schedule it is the last 24 hours', () => {
    const now = new Date('2026-11-23T18:30:00.000Z');
    expect(windowOf(undefined, null, now)).toEqual({ start: new Date('2026-11-22T18:30:00.000Z'), end: now });
    expect(windowOf(undefined, monday, now)).toEqual({ start: new Date('2026-11-22T14:00:00.000Z'), end: monday });
  });
});

describe('a cron that names days of the month and of the week', () => {
  const warn = (cron: string) => scheduleWarnings({ cron, timeZone: 'America/New_York' }).map(({ message }) => message);

  test('is due on either, which is not what it looks like', () => {
    expect(warn('0 9 1-7 * 1')).toEqual([
      "The cron '0 9 1-7 * 1' is due on the days 1-7 of the month and also on every day 1 of the week, not only when both match.",
    ]);
  });

  test('can be read in two ways where one of them is a step', () => {
    expect(warn('0 9 */2 * 1')).toEqual([expect.stringContaining('can be read in two ways')]);
    expect(warn('0 9 1 * */2')).toEqual([expect.stringContaining('can be read in two ways')]);
  });

  test.each(['0 9 * * 1', '0 9 1 * *', '*/5 * * * *', '0 9 */1 * 1', '0 9 1 */2 *'])('%s is not one', (cron) => {
    expect(warn(cron)).toEqual([]);
  });

  test('is told how to write what was meant, and that can be read', async () => {
    const [warning] = scheduleWarnings({ cron: '0 9 1-7 * 1', timeZone: 'America/New_York' });
    const condition = /`(.*)`/.exec(warning?.suggestion ?? '')?.[1] ?? '';
    const { compile } = await loadExpressions();
    expect(compile(condition).evaluate({ now: '2026-12-07T14:00:00.000Z' })).toBe(true);
    expect(compile(condition).evaluate({ now: '2026-12-14T14:00:00.000Z' })).toBe(false);
  });
});
