import { describe, expect, test } from 'vitest';
import { dayEnd, dayStart } from './day-start.ts';

describe('a day in a zone', () => {
  test.each([
    ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21', 'America/New_York', '2026-11-21T05:00:00.000Z'],
    ['2026-07-21', 'America/New_York', '2026-07-21T04:00:00.000Z'],
    ['2026-11-21', 'Pacific/Kiritimati', '2026-11-20T10:00:00.000Z'],
    ['2026-11-21', 'Asia/Kathmandu', '2026-11-20T18:15:00.000Z'],
  ])('%s begins in %s at %s', (day, timeZone, instant) => {
    expect(dayStart(day, timeZone).toISOString()).toBe(instant);
  });

  test('begins at one where clocks skip midnight', () => {
    expect(dayStart('2026-04-24', 'Africa/Cairo').toISOString()).toBe('2026-04-23T22:00:00.000Z');
  });

  test('is 25 hours long when summer time ends, and 23 when it begins', () => {
    const hours = (day: string) =>
      (dayEnd(day, 'America/New_York').getTime() - dayStart(day, 'America/New_York').getTime()) / 3_600_000;
    expect([hours('2026-11-01'), hours('2026-03-08'), hours('2026-11-21')]).toEqual([25, 23, 24]);
  });
});
