import { cut } from '#core/cut.ts';
import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { failureCodeOf, retryAfterMs } from '#ports/http-failure.ts';

/** Statuses with a special meaning for Claude. */
const BY_STATUS: Readonly<Record<number, FailureCode>> = { 402: 'budget_exceeded', 409: 'unavailable' };

const WHAT_TO_DO: Partial<Record<FailureCode, string>> = {
  unauthenticated: 'Check ANTHROPIC_API_KEY.',
  budget_exceeded: 'Add credit to the organization, or raise its spend limit, in the Claude console.',
};

/**
 * The failure for an error of Anthropic's SDK: with the status, Claude's message and the request id if Claude answered,
 * with the network error code if it could not be reached. Anything else is a bug in our code: `internal`.
 */
export async function anthropicFailure(thrown: unknown, model: string, now: Date): Promise<PlaybookError> {
  const { APIConnectionError, APIConnectionTimeoutError, APIError } = await import('@anthropic-ai/sdk');
  const told = chainOf(thrown).find((error) => error instanceof PlaybookError);
  if (told !== undefined) return told;
  if (thrown instanceof APIConnectionTimeoutError) {
    return new PlaybookError('timeout', 'Claude did not answer in time.', { cause: thrown });
  }
  if (thrown instanceof APIConnectionError) return connectionFailure(thrown);
  if (!(thrown instanceof APIError) || typeof thrown.status !== 'number') return faultOfOurs(thrown);
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
  // Without credit, Claude answers 400 and only the message says why.
  if (status === 400 && /credit balance/i.test(apiMessage ?? '')) return 'budget_exceeded';
  return BY_STATUS[status] ?? failureCodeOf(status);
}

/** A 429 that waiting does not fix. Older replies name the limit in the message only. */
function isSpendLimit(errorCode: string | null, message: string | null): boolean {
  return /spend_limit/.test(errorCode ?? '') || /spend limit|usage limits/i.test(message ?? '');
}

function explained(code: FailureCode, what: string, message: string | null): string {
  const said = cut(message ?? 'no explanation', 500).replace(/\.$/, '');
  return `${what}: ${said}. ${WHAT_TO_DO[code] ?? ''}`.trim();
}

/** The SDK wraps everything that the connection throws, including bugs in our code. */
function connectionFailure(thrown: Error): PlaybookError {
  const causes = chainOf(thrown.cause);
  const ours = causes.find(isProgrammingError);
  if (ours !== undefined) return faultOfOurs(ours);
  const code = causes.map(networkCodeOf).find((found) => found !== undefined);
  const why = code ?? causes.at(-1)?.message ?? thrown.message;
  return new PlaybookError('unavailable', `Claude could not be reached: ${why.replace(/\.$/, '')}.`, { cause: thrown });
}

function faultOfOurs(thrown: unknown): PlaybookError {
  return new PlaybookError('internal', `A bug in this software prevented the request to Claude: ${String(thrown)}.`, {
    cause: thrown,
  });
}

const PROGRAMMING_ERRORS = [TypeError, ReferenceError, RangeError, SyntaxError, EvalError, URIError];

/** Errors caused by bugs. Node's `fetch` also reports a failed connection as a `TypeError`, but with a cause. */
function isProgrammingError(error: Error): boolean {
  return PROGRAMMING_ERRORS.some((kind) => error instanceof kind) && !(error.cause instanceof Error);
}

function networkCodeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An error and its causes, outermost first; if several addresses failed, only the first one. */
function chainOf(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  let next = thrown;
  while (next instanceof Error && chain.length < 10) {
    chain.push(next);
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return chain;
}
