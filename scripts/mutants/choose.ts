import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestionFor } from '#core/nearest.ts';
import { PlaybookError } from '#core/failure.ts';
import { isTest, sourceFiles } from '../architecture/import-graph.ts';
import { areaOf, isIn, placeOf } from './areas.ts';
import type { Candidate } from './draw.ts';
import { isListed, readEquivalents } from './equivalents.ts';
import { mutantsOf } from './rules/mutants-of.ts';
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

/** As many candidates for each mutant to plant: types refuse about half of them. */
const OVERDRAWN = 3;

/**
 * A sample of what is wanted, in the order in which the mutants are to be planted; more than `count`, because some will
 * be passed over. Throws `input_invalid` if an area or a file is unknown, or if nothing can be planted
 * there.
 */
export function choose(root: string, { only, files, seed, count }: Wanted): readonly Candidate[] {
  const all = sourceFiles(root).filter((file) => placeOf(file) !== undefined && !isTest(file));
  const places = files.map(placeFrom);
  for (const { file } of places) refuseUnknown(file, all);
  for (const area of only) if (!all.some((file) => isIn(file, area))) refuseUnknown(area, all.map(areaOf));
  const chosen = all.filter((file) => isWanted(file, only, places));
  const mutants = chosen.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
  const wanted = mutants.filter(({ file, line }) => isPlace(file, line, places));
  if (wanted.length === 0) throw new PlaybookError('input_invalid', 'There is no place for a bug there.');
  const listed = readEquivalents(root);
  return sample(wanted, seed, count * OVERDRAWN).map((mutant) => ({
    mutant,
    equivalent: listed.find((entry) => isListed(mutant, entry))?.why,
  }));
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
