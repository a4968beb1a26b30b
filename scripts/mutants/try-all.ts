import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Candidate, draw } from './draw.ts';
import { type KnownTests, knownTests } from './known-tests.ts';
import { type Lane, openLane } from './lanes/lane.ts';
import type { Mutant } from './rules/mutants-of.ts';
import { isSurvivor, type Tried } from './outcome.ts';
import { refusals } from './refusals.ts';
import { type TestsNear, testsNear } from './test-distances.ts';
import { testDurations } from './test-durations.ts';
import { readTree, textIn, type Tree } from './lanes/tree-copy.ts';
import { tryNear } from './try-near.ts';
import { groupsApart, tryTogether } from './try-together.ts';

/** What is tried, and how. */
export interface Trial {
  /** The folder of the project; nothing in it is changed. */
  readonly root: string;
  /** In the order in which they are to be planted. */
  readonly candidates: readonly Candidate[];
  /** How many are to be planted. */
  readonly count: number;
  /** How long the nearest tests of one mutant may take. */
  readonly nearLimitMs: number;
  /** How long the more distant tests of all that are left may take. */
  readonly wideLimitMs: number;
  /** How many mutants are tried at the same time. */
  readonly lanes: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An abort ends the trial with what is known by then. */
  readonly signal: AbortSignal;
  /** Called with a few words when something begins that takes time. */
  onBegin(what: string): void;
  /** Called with what is known when the nearest tests of a mutant have run, and if a more distant one names it. */
  onEnd(tried: Tried): void;
}

/** What a trial found. */
export interface Found {
  /** Those that were planted, in their order, and those that were passed over. */
  readonly tried: readonly Tried[];
  /** Test files that fail without any bug, and were left out. */
  readonly distrusted: readonly string[];
}

interface Place {
  readonly tree: Tree;
  readonly lanes: readonly Lane[];
  readonly known: KnownTests;
}

/**
 * Plants every bug in a copy of the project and runs the tests that could name it: first the nearest of each, then the
 * others for all survivors together. Leaves no file behind.
 */
export async function tryAll(trial: Trial): Promise<Found> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'playbook-mutants-')));
  const tree = readTree(trial.root);
  const known = knownTests(testDurations(trial.root));
  const lanes: Lane[] = [];
  trial.signal.addEventListener('abort', () => lanes.forEach((lane) => lane.close()));
  try {
    for (let index = 0; index < Math.min(trial.lanes, trial.count); index += 1) {
      const { root: original, env } = trial;
      const own = join(folder, String(index + 1));
      lanes.push(await openLane({ tree, original, folder: own, env, usualMs: (test) => known.usualMs(test) }));
    }
    const place = { tree, lanes, known };
    trial.onBegin('the linter and the type check');
    const candidates = trial.candidates.map(({ mutant }) => mutant);
    const refused = await refusals(lanes[0]?.root ?? '', tree, candidates);
    const { mutants, settled } = draw(trial.candidates, refused, trial.count);
    const tried = await tryTogetherIn(place, await tryEach(mutants, trial, place), trial);
    return { tried: [...tried, ...settled], distrusted: [...known.distrusted] };
  } finally {
    for (const lane of lanes) lane.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function tryEach(
  mutants: readonly Mutant[],
  trial: Trial,
  { tree, lanes, known }: Place,
): Promise<readonly Tried[]> {
  const near = testsFor(trial);
  const waiting = mutants.entries();
  const tried: Tried[] = [];
  const tryNext = async (lane: Lane): Promise<void> => {
    for (const [index, mutant] of waiting) {
      trial.onBegin(`${index + 1} of ${mutants.length}, ${mutant.file}:${mutant.line}`);
      const { file } = mutant;
      const attempt = { mutant, text: textIn(tree, file), near: near(file), limitMs: trial.nearLimitMs };
      const outcome = await tryNear(attempt, lane, known);
      if (trial.signal.aborted) return;
      tried[index] = { mutant, outcome };
      trial.onEnd({ mutant, outcome });
    }
  };
  await Promise.all(lanes.map(tryNext));
  return tried.filter((one) => one !== undefined);
}

/** Emulator tests can run only if an emulator is named. */
function testsFor({ root, env }: Trial): TestsNear {
  const near = testsNear(root);
  const withEmulator = (env['FIRESTORE_EMULATOR_HOST'] ?? '') !== '';
  return (file) => near(file).filter((test) => withEmulator || !test.file.includes('.emulator.test.'));
}

async function tryTogetherIn(
  { tree, lanes, known }: Place,
  tried: readonly Tried[],
  trial: Trial,
): Promise<readonly Tried[]> {
  const judged = new Map<Mutant, Tried>();
  const groups = groupsApart(tried.filter(isSurvivor));
  const limitMs = trial.wideLimitMs / groups.length;
  for (const [index, group] of groups.entries()) {
    if (trial.signal.aborted) break;
    trial.onBegin(`the distant tests of ${group.length} bugs, ${index + 1} of ${groups.length}`);
    for (const one of await tryTogether(group, { tree, known, limitMs }, lanes)) {
      judged.set(one.mutant, one);
      if (!isSurvivor(one)) trial.onEnd(one);
    }
  }
  return tried.map((one) => judged.get(one.mutant) ?? one);
}
