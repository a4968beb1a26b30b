import { z } from 'zod';

/** What a runner says to a delivery. */
const Answer = z.object({
  success: z.boolean(),
  status: z.string(),
  executionId: z.string().optional(),
  stepsExecuted: z.number().optional(),
  error: z.string().optional(),
});

/** An answer of the runner, read. */
export interface DeliveryAnswer {
  readonly httpStatus: number;
  readonly body: z.infer<typeof Answer>;
}

/** One call as Cloud Scheduler makes it. */
export interface DeliveryCall {
  /** Where the runner answers, without a slash at the end. */
  readonly url: string;
  readonly secret: string;
  readonly playbookId: string;
  readonly slot: Date;
  /** How long to wait for the answer; 20 s unless said otherwise. */
  readonly timeoutMs?: number;
}

/** Delivers. Rejects when the connection breaks before the answer is there. */
export async function deliver({
  url,
  secret,
  playbookId,
  slot,
  timeoutMs = 20_000,
}: DeliveryCall): Promise<DeliveryAnswer> {
  const response = await fetch(`${url}/?playbookId=${playbookId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'x-cloudscheduler-scheduletime': slot.toISOString() },
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { httpStatus: response.status, body: Answer.parse(await response.json()) };
}
