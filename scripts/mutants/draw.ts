import type { Mutant } from './rules/mutants-of.ts';
import type { Tried } from './outcome.ts';

/** A mutant that may be planted. */
export interface Candidate {
  readonly mutant: Mutant;
  /** Why it does the same as the product, if it is on the list of those. */
  readonly equivalent: string | undefined;
}

/** The mutants to plant, and those that were passed over. */
export interface Draw {
  readonly mutants: readonly Mutant[];
  readonly settled: readonly Tried[];
}

/** The first `count` candidates that only a test can name: neither types refuse them, nor do they the same as the product. */
export function draw(candidates: readonly Candidate[], refused: ReadonlyMap<Mutant, string>, count: number): Draw {
  const mutants: Mutant[] = [];
  const settled: Tried[] = [];
  for (const { mutant, equivalent } of candidates) {
    if (mutants.length === count) break;
    const message = refused.get(mutant);
    if (equivalent !== undefined) settled.push({ mutant, outcome: { status: 'equivalent', why: equivalent } });
    else if (message !== undefined) settled.push({ mutant, outcome: { status: 'refused', message } });
    else mutants.push(mutant);
  }
  return { mutants, settled };
}
