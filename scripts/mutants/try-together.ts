import type { KnownTests } from './known-tests.ts';
import type { Lane } from './lanes/lane.ts';
import { type Mutant, planted } from './rules/mutants-of.ts';
import type { Outcome, Survivor, Tried } from './outcome.ts';
import { textIn, type Tree } from './lanes/tree-copy.ts';
import { type Complaint, isComplaint, isTrusted, learn, outcomeOf } from './trust.ts';

/** How long a test file may take with some of the bugs. */
const ONE_FILE_LIMIT_MS = 120_000;

interface Surroundings {
  readonly tree: Tree;
  readonly known: KnownTests;
  /** How long all tests may take together, in each lane. */
  readonly limitMs: number;
}

/** What is known so far. */
interface Progress extends Surroundings {
  /** Those that are planted. */
  readonly alive: Set<Mutant>;
  readonly ended: Map<Mutant, Outcome>;
  readonly ran: Set<string>;
}

/**
 * Plants the bugs of several survivors at once and runs their more distant tests: one run instead of one for each.
 * These bugs are hard to notice, so that most tests pass; one that fails is tried again with fewer and fewer of the bugs.
 * The bugs must not overlap.
 */
export async function tryTogether(
  group: readonly Survivor[],
  surroundings: Surroundings,
  lanes: readonly Lane[],
): Promise<readonly Tried[]> {
  const alive = new Set(group.map(({ mutant }) => mutant));
  const progress: Progress = { ...surroundings, alive, ended: new Map(), ran: new Set() };
  const tests = mergedTests(group);
  const shares = lanes.map((_, lane) => tests.filter((_test, index) => index % lanes.length === lane));
  await Promise.all(lanes.map((lane, index) => runShare(shares[index] ?? [], progress, lane)));
  return group.map((survivor) => judged(survivor, progress));
}

/** Groups of survivors that do not overlap. */
export function groupsApart(survivors: readonly Survivor[]): readonly (readonly Survivor[])[] {
  const groups: Survivor[][] = [];
  for (const survivor of survivors) {
    const group = groups.find((members) => !members.some(({ mutant }) => overlap(mutant, survivor.mutant)));
    if (group === undefined) groups.push([survivor]);
    else group.push(survivor);
  }
  return groups;
}

function overlap(one: Mutant, other: Mutant): boolean {
  return one.file === other.file && one.start <= other.end && other.start <= one.end;
}

/** The tests of all: the first of each, then the second of each, and so on. */
function mergedTests(group: readonly Survivor[]): readonly string[] {
  const places = new Map<string, number>();
  for (const { outcome } of group) {
    outcome.left.forEach((test, place) => places.set(test, Math.min(place, places.get(test) ?? Infinity)));
  }
  return [...places.keys()].toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

async function runShare(tests: readonly string[], progress: Progress, lane: Lane): Promise<void> {
  const { alive, known, ran, limitMs } = progress;
  const untilMs = performance.now() + limitMs;
  for (;;) {
    const left = tests.filter((test) => !ran.has(test) && !known.distrusted.has(test));
    const leftMs = untilMs - performance.now();
    if (left.length === 0 || alive.size === 0 || leftMs <= 0) return;
    const answer = await runWith([...alive], left, progress, { lane, limitMs: leftMs });
    if (answer.status === 'limit') return;
    if (answer.status === 'passed') for (const test of left) ran.add(test);
    if (isComplaint(answer) && (await isTrusted(answer.test, lane, known))) await blame(answer.test, progress, lane);
  }
}

async function runWith(
  mutants: readonly Mutant[],
  tests: readonly string[],
  { tree, known, ran }: Progress,
  { lane, limitMs }: { readonly lane: Lane; readonly limitMs: number },
) {
  for (const [file, ofFile] of Map.groupBy(mutants, ({ file }) => file)) {
    lane.plant(file, planted(textIn(tree, file), ofFile));
  }
  try {
    const answer = await lane.run(tests, limitMs);
    for (const test of learn(answer, known)) if (tests.length > 1) ran.add(test);
    return answer;
  } finally {
    lane.restore();
  }
}

/** Finds the mutant that a test complains about. If it is only several together, the test names none. */
async function blame(test: string, progress: Progress, lane: Lane): Promise<void> {
  const complaintAbout = async (mutants: readonly Mutant[]): Promise<Complaint | undefined> => {
    const answer = await runWith(mutants, [test], progress, { lane, limitMs: ONE_FILE_LIMIT_MS });
    return isComplaint(answer) ? answer : undefined;
  };
  let suspects = [...progress.alive];
  while (suspects.length > 1) {
    const half = suspects.slice(0, Math.ceil(suspects.length / 2));
    suspects = (await complaintAbout(half)) === undefined ? suspects.slice(half.length) : half;
  }
  const [culprit] = suspects;
  const complaint = await complaintAbout(suspects);
  if (culprit === undefined || complaint === undefined) {
    progress.ran.add(test);
    return;
  }
  progress.ended.set(culprit, outcomeOf(complaint, culprit, progress.known));
  progress.alive.delete(culprit);
}

function judged({ mutant, outcome }: Survivor, { ended, ran, known }: Progress): Tried {
  const left = outcome.left.filter((test) => !ran.has(test) && !known.distrusted.has(test));
  const further = outcome.left.filter((test) => ran.has(test));
  return { mutant, outcome: ended.get(mutant) ?? { status: 'survived', ran: [...outcome.ran, ...further], left } };
}
