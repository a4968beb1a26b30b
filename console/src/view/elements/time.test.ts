import { describe, expect, test } from 'vitest';
import { inZone, zoneWords } from './time.tsx';

const NOW = new Date('2026-11-20T14:00:00.000Z');

describe('an instant in a zone', () => {
  test.each([
    ['2026-11-21T14:00:05.000Z', 'America/New_York', 'Sat 21 Nov, 09:00:05'],
    ['2027-01-04T13:00:00.000Z', 'America/New_York', 'Mon 4 Jan 2027, 08:00:00'],
    ['2025-12-31T23:59:59.000Z', 'UTC', 'Wed 31 Dec 2025, 23:59:59'],
  ])('%s in %s is written "%s"', (at, timeZone, words) => {
    expect(inZone(new Date(at), timeZone, NOW)).toBe(words);
  });

  test.each([
    ['America/New_York', 'New York time'],
    ['Europe/Berlin', 'Berlin time'],
    ['UTC', 'UTC'],
  ])('the zone %s is called "%s"', (timeZone, words) => {
    expect(zoneWords(timeZone)).toBe(words);
  });
});
