import { describe, expect, test } from 'vitest';
import { instantOfWallTime, wallTimeOf } from './wall-time.ts';

const NEW_YORK = 'America/New_York';

describe('a time on the clocks of a zone', () => {
  test.each([
    ['2026-11-21T09:00', '2026-11-21T14:00:00.000Z'],
    ['2026-07-01T09:00', '2026-07-01T13:00:00.000Z'],
    ['2026-03-08T03:00', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01T02:00', '2026-11-01T07:00:00.000Z'],
  ])('%s in New York is %s, and back', (text, instant) => {
    expect(instantOfWallTime(text, NEW_YORK)?.toISOString()).toBe(instant);
    expect(wallTimeOf(new Date(instant), NEW_YORK)).toBe(text);
  });

  test('that comes twice is the first of the two', () => {
    expect(instantOfWallTime('2026-11-01T01:30', NEW_YORK)?.toISOString()).toBe('2026-11-01T05:30:00.000Z');
  });

  test('that clocks skip is as much later as they jump', () => {
    expect(instantOfWallTime('2026-03-08T02:30', NEW_YORK)?.toISOString()).toBe('2026-03-08T07:30:00.000Z');
  });

  test.each(['', 'soon', '2026-13-01T00:00', '2026-11-21', '2026-11-21T09:00Z', '2026-02-31T25:00'])(
    '"%s" is none',
    (text) => {
      expect(instantOfWallTime(text, NEW_YORK)).toBeUndefined();
    },
  );
});
