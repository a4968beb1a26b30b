import { describe, expect, test } from 'vitest';
import { isGivenBack, isHeld, leaseUntil } from './lease.ts';

const WRITTEN = new Date('2026-11-20T14:00:00.000Z');
const seenAfter = (ageMs: number) => ({ updatedAt: WRITTEN, readAt: new Date(WRITTEN.getTime() + ageMs) });

describe('a lease', () => {
  test.each([
    [1_000, 0, true],
    [1_000, 1_000, true],
    [1_000, 1_001, false],
    [0, 0, false],
  ])('of %i ms is held %i ms after its last write: %s', (durationMs, ageMs, held) => {
    expect(isHeld(seenAfter(ageMs), { durationMs })).toBe(held);
  });

  test('ends its duration after its last write', () => {
    expect(leaseUntil(seenAfter(5), { durationMs: 1_000 })).toEqual(new Date('2026-11-20T14:00:01.000Z'));
  });

  test('that was given back ended with that', () => {
    expect(isGivenBack({ durationMs: 0 })).toBe(true);
    expect(leaseUntil(seenAfter(5), { durationMs: 0 })).toEqual(WRITTEN);
  });
});
