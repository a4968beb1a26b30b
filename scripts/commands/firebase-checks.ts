/** Counts successful checks, and stops at the first that fails. */
export interface Checks {
  /** Throws if the two differ; `what` begins the sentence: `the answer to a wrong secret`. */
  equal(what: string, found: unknown, expected: unknown): void;
  readonly passed: () => number;
}

/** Counts from zero. */
export function countedChecks(): Checks {
  let passed = 0;
  return {
    equal(what, found, expected) {
      if (found !== expected) throw new Error(`${what} is ${String(found)}, not ${String(expected)}.`);
      passed += 1;
    },
    passed: () => passed,
  };
}
