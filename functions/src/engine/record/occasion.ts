import { z } from 'zod';

/** What started an execution: the job of the scheduler, or a person. */
export const Trigger = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), jobName: z.string().optional() }),
  z.object({ kind: z.literal('manual'), by: z.string().optional() }),
]);
export type Trigger = z.infer<typeof Trigger>;

/** What an execution is for: the slot that the scheduler delivered, or none where a person started it. */
export type Occasion =
  | { readonly slot: Date; readonly trigger: Extract<Trigger, { kind: 'schedule' }> }
  | { readonly slot: null; readonly trigger: Extract<Trigger, { kind: 'manual' }> };

/** The occasion of an execution, without the rest of it. */
export function occasionOf(of: Occasion): Occasion {
  return of.slot === null ? { slot: of.slot, trigger: of.trigger } : { slot: of.slot, trigger: of.trigger };
}

/** The occasion that a record names, if its slot and its trigger agree; else an issue of it. */
export function occasionIn(
  { slot, trigger }: { readonly slot: Date | null; readonly trigger: Trigger },
  context: z.RefinementCtx,
): Occasion {
  if (trigger.kind === 'schedule' && slot !== null) return { slot, trigger };
  if (trigger.kind === 'manual' && slot === null) return { slot, trigger };
  const message =
    trigger.kind === 'schedule' ? 'must be an instant: the scheduler started it' : 'must be null: a person started it';
  context.addIssue({ code: 'custom', path: ['slot'], message });
  return z.NEVER;
}
