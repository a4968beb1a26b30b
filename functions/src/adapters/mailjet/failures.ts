import { cut } from '#core/cut.ts';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { failureCodeOf, retryAfterMs } from '#ports/http-failure.ts';

/** Mailjet's complete answer. */
export interface MailjetAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

const GlobalError = z.object({ ErrorMessage: z.string() });

/** The failure for an unsuccessful answer, with Mailjet's explanation. */
export function refusalOf({ status, retryAfter, body }: MailjetAnswer, now: Date): PlaybookError {
  const explanation = GlobalError.safeParse(body).data?.ErrorMessage ?? 'no explanation';
  const hint = status === 401 || status === 403 ? ' Check MAILJET_API_KEY and MAILJET_API_SECRET.' : '';
  return new PlaybookError(
    failureCodeOf(status),
    `Mailjet answered ${status}: ${cut(explanation, 500).replace(/\.$/, '')}.${hint}`,
    { retryAfterMs: retryAfterMs(retryAfter, now), details: { status } },
  );
}
