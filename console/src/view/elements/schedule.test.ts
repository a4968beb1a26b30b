import { describe, expect, test } from 'vitest';
import { dueInstants, scheduleInWords } from './schedule.ts';

const NEW_YORK = 'America/New_York';

describe('a schedule in words', () => {
  test.each([
    ['0 * * * *', 'Every hour, New York time'],
    ['*/15 * * * *', 'Every 15 minutes, New York time'],
    ['0 9 * * *', 'Every day at 09:00, New York time'],
    ['0 8,20 * * *', 'Every day at 08:00 and 20:00, New York time'],
    ['0 9 * * 1', 'Every Monday at 09:00, New York time'],
    ['0 9,17 * * 1,4', 'Every Monday and Thursday at 09:00 and 17:00, New York time'],
    ['0 9 * * MON-FRI', 'Monday through Friday at 09:00, New York time'],
    ['30 8 1 * *', 'At 08:30 on day 1 of the month, New York time'],
    ['0 9 1 * 1', 'At 09:00 on day 1 of the month and also on Monday, New York time'],
  ])('%s is said as "%s"', (cron, words) => {
    expect(scheduleInWords({ cron, timeZone: NEW_YORK })).toBe(words);
  });

  test('in UTC says so', () => {
    expect(scheduleInWords({ cron: '0 * * * *', timeZone: 'UTC' })).toBe('Every hour, UTC');
  });

  test('that cannot be read is shown as it is written, hidden characters made visible', () => {
    expect(scheduleInWords({ cron: 'soon\u202E', timeZone: 'UTC' })).toBe('soon\\u202e, UTC');
  });
});

describe('due instants', () => {
  test('follow one another from the next on', () => {
    const after = new Date('2026-11-20T14:00:00.000Z');
    const due = dueInstants({ cron: '0 9 * * *', timeZone: NEW_YORK }, after, 2);
    expect(due.map((at) => at.toISOString())).toEqual(['2026-11-21T14:00:00.000Z', '2026-11-22T14:00:00.000Z']);
  });

  test('are none without a schedule, and where it cannot be read', () => {
    const after = new Date('2026-11-20T14:00:00.000Z');
    expect(dueInstants(undefined, after, 3)).toEqual([]);
    expect(dueInstants({ cron: 'soon', timeZone: NEW_YORK }, after, 3)).toEqual([]);
    expect(dueInstants({ cron: '0 9 * * *', timeZone: 'Mars/Olympus' }, after, 3)).toEqual([]);
  });
});
