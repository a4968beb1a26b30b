import type { Mutant } from './rules/mutants-of.ts';

/** The result for a mutant. */
export type Outcome =
  | { readonly status: 'named'; readonly test: string; readonly sentence: string }
  /** The tests do not end, which nobody overlooks either. */
  | { readonly status: 'hung'; readonly test: string }
  /** The type check or the linter names it, so that no test has to. */
  | { readonly status: 'refused'; readonly message: string }
  /** On the list of those that do the same as the product. */
  | { readonly status: 'equivalent'; readonly why: string }
  /** `left`: test files that could name it, but for which the time was too short. */
  | { readonly status: 'survived'; readonly ran: readonly string[]; readonly left: readonly string[] };

/** A mutant that no test has named so far. */
export interface Survivor {
  readonly mutant: Mutant;
  readonly outcome: Extract<Outcome, { readonly status: 'survived' }>;
}

/** A mutant with its outcome. */
export interface Tried {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

/** Whether no test has named it. */
export function isSurvivor(tried: Tried): tried is Survivor {
  return tried.outcome.status === 'survived';
}
