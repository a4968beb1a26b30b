import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type * as simulation from './simulation-round.ts';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts';

/**
 * Run as a program: plants one bug after the other in a copy of the sources, simulates until it shows, and prints a line of
 * JSON for each: the name of the bug, and the seed by which it was found (null: by none of `MAX_SEEDS`).
 */
const MAX_SEEDS = 2_000;
const FIRST_SEED = 20_261_120;
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

type Simulation = typeof simulation;

const folder = mkdtempSync(join(tmpdir(), 'planted-bugs-'));
try {
  for (const bug of PLANTED_BUGS) console.log(JSON.stringify({ bug: bug.name, seed: await seedThatFinds(bug) }));
} finally {
  rmSync(folder, { recursive: true });
}

async function seedThatFinds(bug: PlantedBug): Promise<number | null> {
  const copy = mkdtempSync(join(folder, 'copy-'));
  mkdirSync(join(copy, 'functions'));
  for (const name of ['package.json', 'functions/package.json', 'functions/src']) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, 'functions/src', bug.file);
  const source = readFileSync(file, 'utf8');
  if (source.split(bug.text).length !== 2) throw new Error(`${bug.file} does not hold once: ${bug.text}`);
  writeFileSync(
    file,
    source.replace(bug.text, () => bug.replacement),
  );

  const round = join(copy, 'functions/src/testing/simulation/simulation-round.ts');
  const { KEPT, simulationRound }: Simulation = await import(pathToFileURL(round).href);
  for (let seed = FIRST_SEED; seed < FIRST_SEED + MAX_SEEDS; seed += 1) {
    try {
      const { differs, ...found } = await simulationRound(seed);
      if (differs === true || !isDeepStrictEqual(found, KEPT)) return seed;
    } catch {
      return seed;
    }
  }
  return null;
}
