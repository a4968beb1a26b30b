/** The maximum number of loop iterations in one evaluation, in total. */
export const MAX_ITERATIONS = 10_000;
/** The maximum cost of copying, comparing and matching in one evaluation, in items or characters examined. */
const MAX_WORK = 1_000_000;

/**
 * Measures the cost of one evaluation. Evaluations are synchronous, so one meter serves all evaluations of a compiler
 * in turn.
 */
export interface Meter {
  reset(): void;
  /** Counts one iteration of a loop; false if there were too many and the loop must end. */
  iterate(): boolean;
  /** Adds work. Throws if there was too much. */
  charge(work: number): void;
  /** Why the evaluation was stopped, if it was. */
  exceeded(): string | undefined;
}

/** A meter at zero. */
export function createMeter(): Meter {
  let iterations = 0;
  let work = 0;
  const exceeded = (): string | undefined => {
    if (iterations > MAX_ITERATIONS) return 'it processes more than 10,000 items; filter or summarise them in the tool';
    if (work > MAX_WORK) return 'it is too expensive; use less data, or prepare it in the tool';
    return undefined;
  };
  return {
    exceeded,
    reset() {
      iterations = 0;
      work = 0;
    },
    iterate() {
      iterations += 1;
      return exceeded() === undefined;
    },
    charge(units) {
      work += units;
      const reason = exceeded();
      if (reason !== undefined) throw new Error(reason);
    },
  };
}
