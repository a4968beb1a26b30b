import { z } from 'zod';

const limited = { limitAt: z.date() };

/**
 * What an execution waits for: an instant, the decision of a thread, the end of another execution, or a document that
 * changes. What may never happen has an instant at which the wait is over all the same.
 */
export const Suspension = z.union([
  z.strictObject({ until: z.date() }),
  z.strictObject({ thread: z.string(), ...limited }),
  z.strictObject({ execution: z.string(), ...limited }),
  z.strictObject({ document: z.string(), ...limited }),
]);
export type Suspension = z.infer<typeof Suspension>;

/** How often a document that an execution waits for is looked at. */
export const DOCUMENT_CHECK_MS = 300_000;

/** When the wait is over at the latest. */
export function limitOf(suspension: Suspension): Date {
  return 'until' in suspension ? suspension.until : suspension.limitAt;
}

/** When the execution is to be looked at again, unless somebody wakes it before that. */
export function wakeAtOf(suspension: Suspension, now: Date): Date {
  const limit = limitOf(suspension);
  if (!('document' in suspension)) return limit;
  return new Date(Math.min(limit.getTime(), now.getTime() + DOCUMENT_CHECK_MS));
}

/** What a step leaves in place of an output when it has to wait; the engine asks it again once it is woken. */
export class Suspended {
  readonly suspension: Suspension;

  constructor(suspension: Suspension) {
    this.suspension = suspension;
  }
}
