/** Counts what was found right, and stops at the first that is not. */
export interface Checks {
  /** Throws when the two are not the same; `what` begins the sentence: `the answer to a wrong secret`. */
  equal(what: string, found: unknown, expected: unknown): void;
  readonly passed: () => number;
}

/** Nothing checked yet. */
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
