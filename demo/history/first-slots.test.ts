import { describe, expect, test } from 'vitest';
import { firstSlots } from './first-slots.ts';

const at = (text: string): Date => new Date(text);
const hourly = { cron: '0 * * * *', timeZone: 'UTC' };

describe('the end of a history', () => {
  test('a history ends with the latest slot, or else the current minute', () => {
    expect(firstSlots(hourly, at('2026-11-20T14:30:42Z'))).toEqual([
      at('2026-11-20T14:00:00Z'),
      at('2026-11-20T14:30:00Z'),
    ]);
  });

  test('a history does not end with a slot older than a day', () => {
    const weekly = { cron: '0 8 * * 1', timeZone: 'America/New_York' };
    expect(firstSlots(weekly, at('2026-11-20T14:30:42Z'))).toEqual([at('2026-11-20T14:30:00Z')]);
  });
});
