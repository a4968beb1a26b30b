import type { Execution } from '#engine/record/execution.ts';
import type { RunnerSilence } from './runner-silence.ts';

/** What happens to an execution whose runner is silent if no person ends it, in a sentence. */
export function silenceAdvice({
  slot,
  pastDeadline,
}: Pick<Execution, 'slot'> & Pick<RunnerSilence, 'pastDeadline'>): string {
  if (slot === null) return 'It was started manually, so nothing resumes it by itself.';
  return pastDeadline
    ? 'The next delivery of its slot ends it as failed, if one still comes.'
    : 'The next delivery of its slot resumes it, if one still comes.';
}
