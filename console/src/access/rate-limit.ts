import type { Clock } from '#core/clock.ts';

/** How much of something one key may do: `capacity` at once, and as much again in each `perMs`. */
export interface RateLimit {
  readonly capacity: number;
  readonly perMs: number;
}

/** Counts what keys do. */
export interface RateLimiter {
  /** Takes one. 0 when it was granted, else how long to wait for the next; what was refused costs nothing. */
  take(key: string): number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

const MAX_KEYS = 10_000;

/** A bucket of tokens for each key, in the memory of this process. Beyond 10,000 keys, those that were quiet longest are forgotten. */
export function rateLimiter({ capacity, perMs }: RateLimit, clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const nowMs = clock.now().getTime();
      const { tokens, atMs } = buckets.get(key) ?? { tokens: capacity, atMs: nowMs };
      const there = Math.min(capacity, tokens + (Math.max(0, nowMs - atMs) * capacity) / perMs);
      const granted = there >= 1;
      // Put in anew, so that the map stays in the order in which keys were last heard of.
      buckets.delete(key);
      buckets.set(key, { tokens: granted ? there - 1 : there, atMs: nowMs });
      const [quietest] = buckets.keys();
      if (buckets.size > MAX_KEYS && quietest !== undefined) buckets.delete(quietest);
      return granted ? 0 : Math.ceil(((1 - there) * perMs) / capacity);
    },
  };
}
