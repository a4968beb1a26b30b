import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { App } from '#functions/app.ts';
import { PlaybookError } from '#core/failure.ts';
import { jobNameOf } from '#scheduler/scheduler-plan.ts';
import type { PlannedDelivery } from './delivery-plan.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The secret for calling the runner of a history, which cannot be called from outside. */
export const HISTORY_SECRET = randomUUID();

const Answer = z.object({ status: z.string(), error: z.string().optional() });

/** The state of a slot's execution when its delivery was answered. */
export interface Answered {
  readonly playbookId: string;
  readonly status: string;
}

/** Delivers a slot at its time. Throws `internal` if that leads to no execution. */
export async function deliver(
  { playbookId, slot, deliveredAt }: PlannedDelivery,
  { app, clock }: { readonly app: App; readonly clock: SimulatedClock },
): Promise<Answered> {
  const reply = await clock.at(deliveredAt, () =>
    app.deliver({
      method: 'POST',
      query: new URLSearchParams({ playbookId }),
      headers: {
        authorization: [`Bearer ${HISTORY_SECRET}`],
        'x-cloudscheduler-jobname': [jobNameOf(playbookId)],
        'x-cloudscheduler-scheduletime': [slot.toISOString()],
      },
      body: async () => new Uint8Array(),
    }),
  );
  const { status, error } = Answer.parse(reply.body);
  // A failed execution is part of life; a delivery without an execution is not.
  if (['succeeded', 'failed', 'skipped', 'running'].includes(status)) return { playbookId, status };
  const said = `${reply.status}: ${error ?? status}`;
  throw new PlaybookError('internal', `${playbookId} was delivered for ${slot.toISOString()} and not run: ${said}`);
}
