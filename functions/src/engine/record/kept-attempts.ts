import type { Attempt, OmittedAttempts } from './attempt.ts';
import type { UnderWayStep } from './step-schema.ts';

/** How many attempts of a step its record holds of the first ones, and of the last ones. */
const FIRST_KEPT = 2;
const LAST_KEPT = 4;

/** What of a record tells how many attempts there were. */
interface Attempts {
  readonly attempts: readonly Attempt[];
  readonly omitted?: OmittedAttempts | undefined;
}

/** The attempts of a step with one more. Of many the record holds the first and the last few, and counts the others. */
export function withAttempt<Earlier extends UnderWayStep['attempts'][number], Next extends Attempt>(
  { attempts, omitted }: { readonly attempts: readonly Earlier[]; readonly omitted?: OmittedAttempts | undefined },
  next: Next,
): { readonly attempts: readonly [...Earlier[], Next]; readonly omitted?: OmittedAttempts } {
  const left = attempts.length < FIRST_KEPT + LAST_KEPT ? undefined : attempts[FIRST_KEPT];
  const kept = left === undefined ? attempts : attempts.toSpliced(FIRST_KEPT, 1);
  const counted = left === undefined ? omitted : omittedWith(omitted, left);
  return { attempts: [...kept, next], ...(counted === undefined ? {} : { omitted: counted }) };
}

function omittedWith(omitted: OmittedAttempts | undefined, left: Attempt): OmittedAttempts {
  const { count, failed, modelCalls } = omitted ?? { count: 0, failed: 0, modelCalls: [] };
  return {
    count: count + 1,
    failed: failed + (left.status === 'failed' ? 1 : 0),
    modelCalls: [...modelCalls, ...(left.modelCalls ?? [])],
  };
}

/** How many attempts of a step have begun. */
export function attemptsBegun({ attempts, omitted }: Attempts): number {
  return attempts.length + (omitted?.count ?? 0);
}

/** How many attempts count against the retry policy: those that failed by themselves. */
export function attemptsFailed({ attempts, omitted }: Attempts): number {
  return attempts.filter(({ status }) => status === 'failed').length + (omitted?.failed ?? 0);
}
