import { describe, expect, test } from 'vitest';
import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { bucketOf, percentile } from './duration-histogram.ts';

function histogramOf(durationsMs: readonly number[]): Record<string, number> {
  const histogram: Record<string, number> = {};
  for (const durationMs of durationsMs) histogram[bucketOf(durationMs)] = (histogram[bucketOf(durationMs)] ?? 0) + 1;
  return histogram;
}

/** The exact percentile, by nearest rank. */
function exactly(durationsMs: readonly number[], share: number): number {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

describe('the percentile of a histogram of durations', () => {
  test('is null where nothing was counted', () => {
    expect(percentile({}, 0.5)).toBeNull();
  });

  test.each([0.5, 0.95])('is within 6 % of the exact one, from 0 ms to a day (%d)', (share) => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round += 1) {
      const longestMs = 10 ** (random() * 8);
      const durationsMs = Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * longestMs));
      const exactMs = exactly(durationsMs, share);

      const foundMs = percentile(histogramOf(durationsMs), share) ?? Number.NaN;

      expect(Math.abs(foundMs - exactMs), `${foundMs} for ${exactMs}`).toBeLessThanOrEqual(exactMs * 0.06);
    }
  });

  test('is that of the slow ones when they are more than 5 %', () => {
    const durationsMs = [...Array.from({ length: 18 }, () => 100), 60_000, 60_000];

    expect(percentile(histogramOf(durationsMs), 0.5)).toBeLessThan(107);
    expect(percentile(histogramOf(durationsMs), 0.95)).toBeGreaterThan(56_000);
  });

  test('accepts durations below a millisecond and of any length', () => {
    expect(bucketOf(0)).toBe('b00');
    expect(bucketOf(0.4)).toBe('b00');
    expect(bucketOf(1)).toBe('b01');
    expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe('b250');
    expect(percentile({ b00: 3 }, 0.95)).toBe(0);
  });
});
