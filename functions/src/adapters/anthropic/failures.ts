import { PlaybookError, type FailureCode } from '../../engine/failure.ts';
import { failureCodeOf, retryAfterMs } from '../../ports/http-failure.ts';

/** What Claude gives a meaning of its own. */
const BY_STATUS: Readonly<Record<number, FailureCode>> = { 402: 'budget_exceeded', 409: 'unavailable' };

const WHAT_TO_DO: Partial<Record<FailureCode, string>> = {
  unauthenticated: 'Check ANTHROPIC_API_KEY.',
  budget_exceeded: 'A spend limit of the organization is reached; raise it in the Claude console.',
};

/** What Anthropic's SDK threw, in our words, with the status, Claude's own message and the request id. */
export async function anthropicFailure(thrown: unknown, model: string, now: Date): Promise<PlaybookError> {
  if (thrown instanceof PlaybookError) return thrown;
  const { APIConnectionTimeoutError, APIError } = await import('@anthropic-ai/sdk');
  if (thrown instanceof APIConnectionTimeoutError) {
    return new PlaybookError('timeout', 'Claude did not answer in time.', { cause: thrown });
  }
  if (thrown instanceof SyntaxError) {
    return new PlaybookError('output_invalid', 'Claude answered with something that is not JSON.', { cause: thrown });
  }
  if (!(thrown instanceof APIError) || typeof thrown.status !== 'number') {
    return new PlaybookError('unavailable', `Claude could not be reached: ${String(thrown)}.`, { cause: thrown });
  }
  const { status, requestID, errorCode, apiMessage } = thrown;
  const header = thrown.headers instanceof Headers ? thrown.headers.get('retry-after') : undefined;
  const waitMs = retryAfterMs(header, now);
  const code = codeOf({ status, errorCode, apiMessage, waitMs });
  return new PlaybookError(code, explained(code, `Claude (${model}) answered ${status}`, apiMessage), {
    cause: thrown,
    retryAfterMs: code === 'rate_limited' || code === 'unavailable' ? waitMs : undefined,
    details: { status, requestId: requestID ?? null, errorCode },
  });
}

interface Answered {
  readonly status: number;
  readonly errorCode: string | null;
  readonly apiMessage: string | null;
  readonly waitMs: number | undefined;
}

function codeOf({ status, errorCode, apiMessage, waitMs }: Answered): FailureCode {
  if (status === 429 && isSpendLimit(errorCode, waitMs === undefined ? apiMessage : null)) return 'budget_exceeded';
  return BY_STATUS[status] ?? failureCodeOf(status);
}

/** A 429 that waiting does not cure. Older replies name the limit in the message only. */
function isSpendLimit(errorCode: string | null, message: string | null): boolean {
  return /spend_limit/.test(errorCode ?? '') || /spend limit|usage limits/i.test(message ?? '');
}

function explained(code: FailureCode, what: string, message: string | null): string {
  const said = (message ?? 'no explanation').slice(0, 500).replace(/\.$/, '');
  return `${what}: ${said}. ${WHAT_TO_DO[code] ?? ''}`.trim();
}
