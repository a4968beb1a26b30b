import { describe, expect, test } from 'vitest';
import { bytes, count, percent, plural, usd } from './figures.tsx';
import { relative } from './relative.ts';
import { inZone, isTimeZone } from './time.tsx';

const NOW = new Date('2026-11-20T14:00:00.000Z');
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);

describe('a figure', () => {
  test.each([
    [null, 'unknown'],
    [0, '$0'],
    [0.00001, '< $0.0001'],
    [0.0123, '$0.012'],
    [0.2, '$0.20'],
    [1234.5, '$1,234.50'],
  ])('of %s dollars is %s', (amount, text) => {
    expect(usd(amount)).toBe(text);
  });

  test.each([
    [null, '–'],
    [1, '100%'],
    [0.99999, '99.99%'],
    [0.5, '50%'],
    [0.034, '3.4%'],
    [0, '0%'],
  ])('of a share of %s is %s: never rounded up to the whole', (share, text) => {
    expect(percent(share)).toBe(text);
  });

  test.each([
    [12, '12 B'],
    [12_345, '12 kB'],
    [1_234_567, '1.2 MB'],
  ])('of %i bytes is %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  test('has its noun', () => {
    expect([plural(1, 'step'), plural(1_200, 'step'), count(2_500_000)]).toEqual(['1 step', '1,200 steps', '2.5M']);
  });
});

describe('an instant', () => {
  test.each([
    [0, 'just now'],
    [30_000, '30 s ago'],
    [300_000, '5 min ago'],
    [-7_200_000, 'in 2 h'],
    [5 * 86_400_000, '5 days ago'],
  ])('%i ms before now is %s', (ms, text) => {
    expect(relative(ago(ms), NOW)).toBe(text);
  });

  test('is written in the zone of its reader, with the year when it is another', () => {
    expect(inZone(NOW, 'America/New_York', NOW)).toBe('Fri 20 Nov, 09:00:00');
    expect(inZone(NOW, 'UTC', new Date('2027-01-01T00:00:00Z'))).toContain('2026');
  });

  test('has no zone that this machine does not know', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('../etc'), isTimeZone('')]).toEqual([true, false, false]);
  });
});
