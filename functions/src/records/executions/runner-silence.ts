import { isGivenBack, isHeld, type LeaseTime, leaseUntil, type SeenAt } from '#engine/claim/lease.ts';
import type { RunningExecution } from '#engine/record/execution.ts';

/** Whether a runner works on an execution that has not ended, by the database's clock. */
export interface RunnerSilence {
  /** When the lease of its runner ends, or ended. Until then no other runner may write to it. */
  readonly leaseUntil: Date;
  /** The time of the runner's last sign of life; null while its lease is valid. */
  readonly silentSince: Date | null;
  /** Its runner stopped properly and gave the lease back: the next delivery continues immediately. */
  readonly leaseGivenBack: boolean;
  readonly pastDeadline: boolean;
}

/** The fields of a running execution that show the state of its runner. */
export interface Leased extends Pick<RunningExecution, 'deadlineAt'> {
  readonly lease: LeaseTime;
}

/**
 * The state of an execution's runner when the document was read: silent as soon as the document's age exceeds the lease.
 * That is exactly when another runner may take the execution over.
 */
export function runnerSilence({ lease, deadlineAt }: Leased, seen: SeenAt): RunnerSilence {
  return {
    leaseUntil: leaseUntil(seen, lease),
    silentSince: isHeld(seen, lease) ? null : seen.updatedAt,
    leaseGivenBack: isGivenBack(lease),
    pastDeadline: deadlineAt < seen.readAt,
  };
}
