import { durationMs } from '#core/duration.ts';
import { isRetryable, type Failure } from '#core/failure.ts';
import type { RetryPolicy } from '#language/playbook/playbook.ts';

/**
 * How long to wait before the next attempt, in milliseconds, or undefined when there is none: the failure is not worth
 * repeating, or the attempts are used up. Exponential with full jitter (a random share of `initial * factor^(n-1)`,
 * bounded by `maxDelay`; https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), but never
 * earlier than the other side asked for.
 */
export function retryDelayMs(
  policy: RetryPolicy,
  attemptsMade: number,
  failure: Failure,
  random: () => number,
): number | undefined {
  if (!isRetryable(failure) || attemptsMade >= policy.maxAttempts) return undefined;
  const ceilingMs = Math.min(
    durationMs(policy.maxDelay),
    durationMs(policy.initialDelay) * policy.factor ** (attemptsMade - 1),
  );
  return Math.max(failure.retryAfterMs ?? 0, Math.round(random() * ceilingMs));
}
