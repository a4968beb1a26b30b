import type { KnownTests } from './known-tests.ts';
import type { Lane } from './lanes/lane.ts';
import { type Mutant, planted } from './rules/mutants-of.ts';
import type { Outcome } from './outcome.ts';
import type { NearTest } from './test-distances.ts';
import { isComplaint, isTrusted, learn, outcomeOf } from './trust.ts';

interface Attempt {
  readonly mutant: Mutant;
  /** The text of its file without the bug. */
  readonly text: string;
  readonly near: readonly NearTest[];
  /** How long its tests may take together. */
  readonly limitMs: number;
}

/**
 * Plants one bug and runs the tests that reach it, the most likely to name it first. A test that fails is believed only
 * if it passes without the bug; otherwise the others run.
 */
export async function tryNear(attempt: Attempt, lane: Lane, known: KnownTests): Promise<Outcome> {
  const { mutant, near } = attempt;
  const tests = known.inOrder(mutant.file, near);
  const ran = new Set<string>();
  let leftMs = attempt.limitMs;
  try {
    for (;;) {
      const left = tests.filter((test) => !ran.has(test) && !known.distrusted.has(test));
      if (left.length === 0 || leftMs <= 0) return { status: 'survived', ran: [...ran], left };
      lane.plant(mutant.file, planted(attempt.text, [mutant]));
      const startedMs = performance.now();
      const answer = await lane.run(left, leftMs);
      leftMs -= performance.now() - startedMs;
      for (const test of learn(answer, known)) ran.add(test);
      if (answer.status === 'passed') return { status: 'survived', ran: [...ran], left: [] };
      if (answer.status === 'limit') leftMs = 0;
      if (isComplaint(answer) && (await isTrusted(answer.test, lane, known))) return outcomeOf(answer, mutant, known);
    }
  } finally {
    lane.restore();
  }
}
