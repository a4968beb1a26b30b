/** How often all loops of one evaluation may go round together. */
export const MAX_ITERATIONS = 10_000;
/** What copying, comparing and matching may cost in one evaluation, in items or characters looked at. */
const MAX_WORK = 1_000_000;

/** Counts what one evaluation costs. Evaluations are synchronous, so one meter serves all of a compiler's, one after another. */
export interface Meter {
  reset(): void;
  /** Counts one round of a loop; false once there were too many, and the loop must end. */
  iterate(): boolean;
  /** Counts work. Throws once there was too much. */
  charge(work: number): void;
  /** Why the evaluation was cut short, if it was. */
  exceeded(): string | undefined;
}

/** A meter at its beginning. */
export function createMeter(): Meter {
  let iterations = 0;
  let work = 0;
  const exceeded = (): string | undefined => {
    if (iterations > MAX_ITERATIONS)
      return 'it goes through more than 10,000 items; filter or summarise them in the tool';
    if (work > MAX_WORK) return 'it is too expensive; work on less data, or prepare them in the tool';
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
