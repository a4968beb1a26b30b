import { z } from 'zod';
import { PlaybookError } from '../../engine/failure.ts';
import { failureCodeOf, retryAfterMs } from '../../ports/http-failure.ts';

/** What Mailjet's client puts on its errors. */
const ClientError = z.object({
  statusCode: z.number(),
  response: z.object({ headers: z.object({ 'retry-after': z.string().optional() }), data: z.unknown() }),
});
const GlobalError = z.object({ ErrorMessage: z.string() });

/** The body that came with an error of Mailjet's client, if an answer came at all. */
export function bodyOf(thrown: unknown): unknown {
  return ClientError.safeParse(thrown).data?.response.data;
}

/** What Mailjet's client threw, in our words. */
export function mailjetFailure(thrown: unknown, now: Date): PlaybookError {
  if (thrown instanceof PlaybookError) return thrown;
  const answered = ClientError.safeParse(thrown);
  if (!answered.success) return notAnswered(thrown);
  const { statusCode: status, response } = answered.data;
  const waitMs = retryAfterMs(response.headers['retry-after'], now);
  const explanation = GlobalError.safeParse(response.data).data?.ErrorMessage ?? 'no explanation';
  const hint = status === 401 || status === 403 ? ' Check MAILJET_API_KEY and MAILJET_API_SECRET.' : '';
  return new PlaybookError(
    failureCodeOf(status),
    `Mailjet answered ${status}: ${explanation.slice(0, 500).replace(/\.$/, '')}.${hint}`,
    { cause: thrown, retryAfterMs: waitMs, details: { status } },
  );
}

function notAnswered(thrown: unknown): PlaybookError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no answer';
  const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
  return timedOut
    ? new PlaybookError('timeout', 'Mailjet did not answer in time.', { cause: thrown })
    : new PlaybookError('unavailable', `Mailjet could not be reached: ${code}.`, { cause: thrown });
}
