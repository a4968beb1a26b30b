import type { StoredExecution } from '../record/execution-store.ts';
import { isEnded, type Lease } from '../record/execution.ts';

/** When the database wrote a record and when it read it, both by its own clock. */
export type SeenAt = Pick<StoredExecution, 'updatedAt' | 'readAt'>;

/** What of a lease says how long it lasts; nothing, once it was given back. */
export type LeaseTime = Pick<Lease, 'durationMs'>;

/** When a lease ends, or ended: each write of its holder begins it anew. By the database's clock. */
export function leaseUntil({ updatedAt }: Pick<SeenAt, 'updatedAt'>, { durationMs }: LeaseTime): Date {
  return new Date(updatedAt.getTime() + Math.max(0, durationMs));
}

/** Whether a live runner holds the lease: it was not given back and has not expired, by the database's clock. */
export function isHeld(seen: SeenAt, lease: LeaseTime): boolean {
  return !isGivenBack(lease) && seen.readAt <= leaseUntil(seen, lease);
}

/** Whether the holder shut down cleanly, so that the next delivery continues immediately. */
export function isGivenBack({ durationMs }: LeaseTime): boolean {
  return durationMs <= 0;
}

/** Whether an execution has begun that nobody works on, although it should go on: its runner is gone, or its wait is over. */
export function isOrphaned(stored: StoredExecution): boolean {
  const { execution, readAt } = stored;
  if (isEnded(execution)) return false;
  return execution.status === 'waiting' ? execution.wakeAt <= readAt : !isHeld(stored, execution.lease);
}
