import { describe, expect, test } from 'vitest';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { rateLimiter } from './rate-limit.ts';

const TEN_PER_MINUTE = { capacity: 10, perMs: 60_000 };

function takeTimes(limiter: ReturnType<typeof rateLimiter>, key: string, times: number): readonly number[] {
  return Array.from({ length: times }, () => limiter.take(key));
}

describe('a limit of ten a minute', () => {
  test('grants ten at once and says how long the eleventh must wait', () => {
    const limiter = rateLimiter(TEN_PER_MINUTE, fakeClock());
    expect(takeTimes(limiter, 'ann', 11)).toEqual([...Array.from({ length: 10 }, () => 0), 6_000]);
  });

  test('grants one more after the time that it said, and not a moment before', () => {
    const clock = fakeClock();
    const limiter = rateLimiter(TEN_PER_MINUTE, clock);
    takeTimes(limiter, 'ann', 10);
    clock.advance(5_999);
    expect(limiter.take('ann')).toBe(1);
    clock.advance(1);
    expect(limiter.take('ann')).toBe(0);
    expect(limiter.take('ann')).toBe(6_000);
  });

  test('never grants more than ten at once, however long it was quiet', () => {
    const clock = fakeClock();
    const limiter = rateLimiter(TEN_PER_MINUTE, clock);
    limiter.take('ann');
    clock.advance(86_400_000);
    expect(takeTimes(limiter, 'ann', 11).filter((waitMs) => waitMs === 0)).toHaveLength(10);
  });

  test('counts each key for itself', () => {
    const limiter = rateLimiter(TEN_PER_MINUTE, fakeClock());
    takeTimes(limiter, 'ann', 10);
    expect(limiter.take('bob')).toBe(0);
  });

  test('remembers a key that was refused, however many others come after it', () => {
    const limiter = rateLimiter(TEN_PER_MINUTE, fakeClock());
    takeTimes(limiter, 'ann', 10);
    for (let other = 0; other < 9_999; other += 1) limiter.take(`other ${other}`);
    expect(limiter.take('ann')).toBeGreaterThan(0);
  });

  test('forgets the key that was quiet longest when there are more than 10,000', () => {
    const limiter = rateLimiter(TEN_PER_MINUTE, fakeClock());
    takeTimes(limiter, 'ann', 10);
    for (let other = 0; other < 10_000; other += 1) limiter.take(`other ${other}`);
    expect(limiter.take('ann')).toBe(0);
  });
});
