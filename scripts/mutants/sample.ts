import { createHash } from 'node:crypto';
import { areaOf } from './areas.ts';
import type { Mutant } from './rules/mutants-of.ts';

/**
 * `count` of these, spread evenly over areas and, within each, over kinds. The same seed chooses the same mutants, also
 * after changes elsewhere: each has a place of its own in the order.
 */
export function sample(mutants: readonly Mutant[], seed: number, count: number): readonly Mutant[] {
  const ordered = mutants
    .map((mutant) => ({ mutant, place: placeIn(seed, mutant) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ mutant }) => mutant);
  const areas = groups(ordered, ({ file }) => areaOf(file));
  return dealt(areas.map((area) => dealt(groups(area, ({ kind }) => kind)))).slice(0, count);
}

function placeIn(seed: number, { file, kind, code, becomes }: Mutant): string {
  return createHash('sha256').update([seed, file, kind, code, becomes].join('\u0000')).digest('hex');
}

function groups(mutants: readonly Mutant[], of: (mutant: Mutant) => string): readonly (readonly Mutant[])[] {
  return [...Map.groupBy(mutants, of).values()];
}

/** The first of each pile, then the second of each, and so on. */
function dealt(piles: readonly (readonly Mutant[])[]): readonly Mutant[] {
  const rounds = Math.max(0, ...piles.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => piles.flatMap((pile) => pile.slice(round, round + 1))).flat();
}
