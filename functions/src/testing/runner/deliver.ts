import { z } from 'zod';

/** A runner's answer to a delivery. */
const Answer = z.object({
  success: z.boolean(),
  status: z.string(),
  executionId: z.string().optional(),
  stepsExecuted: z.number().optional(),
  error: z.string().optional(),
});

/** The parsed answer of a runner. */
export interface DeliveryAnswer {
  readonly httpStatus: number;
  readonly body: z.infer<typeof Answer>;
}

/** One call in the form that Cloud Scheduler uses. */
export interface DeliveryCall {
  /** The URL of the runner, without a trailing slash. */
  readonly url: string;
  readonly secret: string;
  readonly playbookId: string;
  readonly slot: Date;
  /** How long to wait for the answer; 20 s by default. */
  readonly timeoutMs?: number;
  /** Headers in addition to those of Cloud Scheduler. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Delivers a slot. Rejects when the connection breaks before the answer. */
export async function deliver({
  url,
  secret,
  playbookId,
  slot,
  timeoutMs = 20_000,
  headers = {},
}: DeliveryCall): Promise<DeliveryAnswer> {
  const response = await fetch(`${url}/?playbookId=${playbookId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'x-cloudscheduler-scheduletime': slot.toISOString(), ...headers },
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { httpStatus: response.status, body: Answer.parse(await response.json()) };
}
