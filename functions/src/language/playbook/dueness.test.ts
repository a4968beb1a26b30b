import { expect, test } from 'vitest';
import { duenessOf } from './dueness.ts';

const NEW_YORK = 'America/New_York';

/** 1 November 2026: at 2:00 in New York the clocks go back to 1:00. */
test.each([
  ['30 1 * * *', '2026-11-01T05:30:00Z', 'due', 'the first 1:30'],
  ['30 1 * * *', '2026-11-01T06:30:00Z', 'repeated_hour', 'the second 1:30'],
  ['30 1 1 11 *', '2026-11-01T06:30:00Z', 'repeated_hour', 'the second 1:30 of one day a year'],
  ['0 * * * *', '2026-11-01T05:00:00Z', 'due', 'the first 1:00 of every hour'],
  ['0 * * * *', '2026-11-01T06:00:00Z', 'due', 'the second 1:00 of every hour'],
  ['0 */1 * * *', '2026-11-01T06:00:00Z', 'due', 'the second 1:00 of a step'],
  ['30 1 * * *', '2026-11-02T06:30:00Z', 'due', '1:30 of the next day'],
  ['0 9 * * 1-5', '2026-11-20T14:00:00Z', 'due', 'nine on a Friday'],
  ['0 9 * * 1-5', '2026-11-21T14:00:00Z', 'off_schedule', 'nine on a Saturday'],
  ['0 9 * * 1-5', '2026-11-20T13:00:00Z', 'off_schedule', 'an hour early, as of a job in another zone'],
  ['0 9 * * 1-5', '2026-11-20T14:01:00Z', 'off_schedule', 'a minute late'],
])('the cron %s at %s is %s: %s', (cron, slot, expected) => {
  expect(duenessOf({ cron, timeZone: NEW_YORK }, new Date(slot))).toBe(expected);
});

test('a half hour that comes twice is repeated, too', () => {
  const schedule = { cron: '45 1 * * *', timeZone: 'Australia/Lord_Howe' };
  const slots = ['2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'].map((slot) => duenessOf(schedule, new Date(slot)));
  expect(slots).toEqual(['due', 'repeated_hour']);
});

test('a playbook without a schedule is due at no slot', () => {
  expect(duenessOf(undefined, new Date('2026-11-20T14:00:00Z'))).toBe('off_schedule');
});
