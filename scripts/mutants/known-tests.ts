import type { NearTest } from './test-distances.ts';

/** What is learnt about the tests while bugs are planted. */
export interface KnownTests {
  /** The tests for a file, those first that most likely name a bug soon: near ones, fast ones, and those that named one. */
  inOrder(file: string, near: readonly NearTest[]): readonly string[];
  took(test: string, durationMs: number): void;
  /** What it took the last time, or probably takes. */
  usualMs(test: string): number;
  /** This test named a bug in the file. */
  named(file: string, test: string): void;
  isTrusted(test: string): boolean;
  /** It passes without a bug. */
  trust(test: string): void;
  /** It fails without a bug, so that it can name none. */
  distrust(test: string): void;
  readonly distrusted: ReadonlySet<string>;
}

const MS_PER_SECOND = 1_000;
const UNKNOWN_MS = 1_000;

/** Only what the tests took in earlier runs is known at first. */
export function knownTests(took: ReadonlyMap<string, number>): KnownTests {
  const durations = new Map(took);
  const names = new Map<string, Set<string>>();
  const trusted = new Set<string>();
  const distrusted = new Set<string>();
  return {
    inOrder(file, near) {
      const rank = (test: NearTest): number =>
        (names.get(file)?.has(test.file) === true ? 0 : test.distance) +
        Math.log2(1 + usualMs(test.file) / MS_PER_SECOND);
      return near
        .filter((test) => !distrusted.has(test.file))
        .toSorted((a, b) => rank(a) - rank(b))
        .map((test) => test.file);
    },
    usualMs,
    took: (test, durationMs) => void durations.set(test, durationMs),
    named: (file, test) => void names.set(file, new Set([...(names.get(file) ?? []), test])),
    isTrusted: (test) => trusted.has(test),
    trust: (test) => void trusted.add(test),
    distrust: (test) => void distrusted.add(test),
    distrusted,
  };

  function usualMs(test: string): number {
    return durations.get(test) ?? UNKNOWN_MS;
  }
}
