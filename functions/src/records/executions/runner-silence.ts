import { isGivenBack, isHeld, type LeaseTime, leaseUntil, type SeenAt } from '#engine/claim/lease.ts';
import type { RunningExecution } from '#engine/record/execution.ts';

/** Whether somebody works on an execution that has not ended, by the database's clock. */
export interface RunnerSilence {
  /** When the lease of its runner ends, or ended. Until then nobody else may write to it. */
  readonly leaseUntil: Date;
  /** When its runner was last heard of; null while its lease holds. */
  readonly silentSince: Date | null;
  /** Its runner stopped in good order and gave the lease back: the next delivery goes on at once. */
  readonly leaseGivenBack: boolean;
  readonly pastDeadline: boolean;
}

/** What of a running execution tells how its runner is. */
export interface Leased extends Pick<RunningExecution, 'deadlineAt'> {
  readonly lease: LeaseTime;
}

/**
 * How the runner of an execution is, as its document was read: silent as soon as the age of what was read exceeds the lease.
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
