import { describe, expect, test } from 'vitest';
import { busynessAt, inBusinessTime } from './business-time.ts';

const DAY_MS = 86_400_000;
const FRIDAY = new Date('2026-11-20T14:05:00.000Z');
const MONDAY = new Date('2026-11-23T09:00:00.000Z');
const ago = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

describe('business time', () => {
  test('has quiet weekends and busy working days', () => {
    const days = Array.from({ length: 7 }, (_, day) => busynessAt(ago(new Date('2026-11-22T12:00:00.000Z'), day)));
    expect(days).toEqual([0.35, 0.6, 1.15, 1.2, 1.3, 1.25, 1.15]);
  });

  test('has a third of a working day’s business on a Sunday', () => {
    const moved = Array.from({ length: 2_800 }, (_, index) => inBusinessTime(ago(FRIDAY, index / 100), FRIDAY));
    const on = (day: number) => moved.filter((instant) => instant.getUTCDay() === day).length;
    expect(on(0)).toBe(140);
    expect(on(3)).toBe(520);
  });

  test.each([FRIDAY, MONDAY])('keeps the order, and moves nothing past the present of %s', (now) => {
    const moved = Array.from({ length: 500 }, (_, index) => inBusinessTime(ago(now, index / 7), now));
    expect(moved[0]).toEqual(now);
    expect(moved).toEqual(moved.toSorted((a, b) => b.getTime() - a.getTime()));
  });

  test('keeps distances of whole weeks', () => {
    for (const weeks of [1, 2, 5])
      expect(inBusinessTime(ago(MONDAY, 7 * weeks), MONDAY)).toEqual(ago(MONDAY, 7 * weeks));
  });
});
