import type { HostAnswer } from './lanes/host-messages.ts';
import type { KnownTests } from './known-tests.ts';
import type { Lane } from './lanes/lane.ts';
import type { Mutant } from './rules/mutants-of.ts';
import type { Outcome } from './outcome.ts';

/** How long a test file may take without a bug, to be trusted. */
const TRUST_LIMIT_MS = 120_000;

/** A test file that fails, or does not end. */
export type Complaint = Extract<HostAnswer, { readonly status: 'failed' | 'silent' }>;

/** Whether a test complains. */
export function isComplaint(answer: HostAnswer): answer is Complaint {
  return answer.status === 'failed' || answer.status === 'silent';
}

/** Whether a test passes without any bug. Tries it once, and takes out what is planted. */
export async function isTrusted(test: string, lane: Lane, known: KnownTests): Promise<boolean> {
  if (known.isTrusted(test)) return true;
  lane.restore();
  const { status } = await lane.run([test], TRUST_LIMIT_MS);
  if (status === 'passed') known.trust(test);
  else known.distrust(test);
  return status === 'passed';
}

/** What a complaint of a trusted test says about a mutant. */
export function outcomeOf(complaint: Complaint, { file }: Mutant, known: KnownTests): Outcome {
  const { status, test } = complaint;
  if (status === 'silent') return { status: 'hung', test };
  known.named(file, test);
  return { status: 'named', test, sentence: complaint.sentence };
}

/** Remembers how long tests took. Returns those that came to an end. */
export function learn({ ended }: HostAnswer, known: KnownTests): readonly string[] {
  for (const { test, durationMs } of ended) known.took(test, durationMs);
  return ended.map(({ test }) => test);
}
