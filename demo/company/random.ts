import { seededRandom } from '#testing/simulation/seeded-random.ts';

/** Numbers that look random but are the same for the same seed, on every machine. */
export interface Random {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<const Items extends readonly [unknown, ...unknown[]]>(items: Items): Items[number];
}

/** Good enough for people who do not exist. */
export function openRandom(seed: number): Random {
  const next = seededRandom(seed);
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return { next, between, pick: (items) => items[between(0, items.length - 1)] ?? items[0] };
}

/** A seed derived from a text. */
export function seedOf(text: string): number {
  return Buffer.from(text).reduce((seed, letter) => (seed * 31 + letter) % 2 ** 31, 7);
}
