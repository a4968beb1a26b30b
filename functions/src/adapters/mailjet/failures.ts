import { cut } from '#core/cut.ts';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { failureCodeOf, retryAfterMs } from '#ports/http-failure.ts';

/** What Mailjet answered, read to its end. */
export interface MailjetAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

const GlobalError = z.object({ ErrorMessage: z.string() });

/** An answer that is no success, in our words, with Mailjet's own explanation. */
export function refusalOf({ status, retryAfter, body }: MailjetAnswer, now: Date): PlaybookError {
  const explanation = GlobalError.safeParse(body).data?.ErrorMessage ?? 'no explanation';
  const hint = status === 401 || status === 403 ? ' Check MAILJET_API_KEY and MAILJET_API_SECRET.' : '';
  return new PlaybookError(
    failureCodeOf(status),
    `Mailjet answered ${status}: ${cut(explanation, 500).replace(/\.$/, '')}.${hint}`,
    { retryAfterMs: retryAfterMs(retryAfter, now), details: { status } },
  );
}
