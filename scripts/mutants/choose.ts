import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestionFor } from '#core/nearest.ts';
import { PlaybookError } from '#core/failure.ts';
import { isTest, sourceFiles } from '../architecture/import-graph.ts';
import { areaOf, isIn, placeOf } from './areas.ts';
import { type Equivalent, isListed, readEquivalents } from './equivalents.ts';
import { type Mutant, mutantsOf } from './rules/mutants-of.ts';
import type { Tried } from './outcome.ts';
import { sample } from './sample.ts';

/** Which mutants are wanted. */
export interface Wanted {
  /** Areas or folders of one; none means all. */
  readonly only: readonly string[];
  /** Files, each with a line if only that is meant: `functions/src/core/json.ts:12`. None means all. */
  readonly files: readonly string[];
  readonly seed: number;
  readonly count: number;
}

/** The mutants to try, and those that are known to do the same as the product. */
export interface Choice {
  readonly mutants: readonly Mutant[];
  readonly equivalent: readonly Tried[];
}

/**
 * A sample of what is wanted. Throws `input_invalid` if an area or a file is unknown, or if nothing can be planted
 * there.
 */
export function choose(root: string, { only, files, seed, count }: Wanted): Choice {
  const all = sourceFiles(root).filter((file) => placeOf(file) !== undefined && !isTest(file));
  const places = files.map(placeFrom);
  for (const { file } of places) refuseUnknown(file, all);
  for (const area of only) if (!all.some((file) => isIn(file, area))) refuseUnknown(area, all.map(areaOf));
  const chosen = all.filter((file) => isWanted(file, only, places));
  const mutants = chosen.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
  const wanted = mutants.filter(({ file, line }) => isPlace(file, line, places));
  if (wanted.length === 0) throw new PlaybookError('input_invalid', 'There is no place for a bug there.');
  return withoutEquivalents(sample(wanted, seed, count), readEquivalents(root));
}

interface Place {
  readonly file: string;
  readonly line: number | undefined;
}

function placeFrom(text: string): Place {
  const [, file = text, line] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { file, line: line === undefined ? undefined : Number(line) };
}

function refuseUnknown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const suggestion = suggestionFor(name, new Set(known)) ?? '';
  throw new PlaybookError('input_invalid', `No product code is in '${name}'. ${suggestion}`.trim());
}

function isWanted(file: string, only: readonly string[], places: readonly Place[]): boolean {
  const isInArea = only.length === 0 || only.some((area) => isIn(file, area));
  return isInArea && (places.length === 0 || places.some((place) => place.file === file));
}

function isPlace(file: string, line: number, places: readonly Place[]): boolean {
  return places.length === 0 || places.some((place) => place.file === file && (place.line ?? line) === line);
}

function withoutEquivalents(mutants: readonly Mutant[], listed: readonly Equivalent[]): Choice {
  const judged = mutants.map((mutant) => ({ mutant, entry: listed.find((entry) => isListed(mutant, entry)) }));
  return {
    mutants: judged.flatMap(({ mutant, entry }) => (entry === undefined ? [mutant] : [])),
    equivalent: judged.flatMap(({ mutant, entry }) =>
      entry === undefined ? [] : [{ mutant, outcome: { status: 'equivalent', why: entry.why } }],
    ),
  };
}
