import type { Lease, RunningExecution } from '#engine/record/execution.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';

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
  readonly lease: Pick<Lease, 'durationMs'>;
}

/**
 * How the runner of an execution is, as its document was read: silent as soon as the age of what was read exceeds the lease.
 * That is exactly when another runner may take the execution over.
 */
export function runnerSilence(
  { lease: { durationMs }, deadlineAt }: Leased,
  { updatedAt, readAt }: Pick<StoredDocument, 'updatedAt' | 'readAt'>,
): RunnerSilence {
  const leaseGivenBack = durationMs <= 0;
  const isSilent = leaseGivenBack || readAt.getTime() - updatedAt.getTime() > durationMs;
  return {
    leaseUntil: new Date(updatedAt.getTime() + Math.max(0, durationMs)),
    silentSince: isSilent ? updatedAt : null,
    leaseGivenBack,
    pastDeadline: deadlineAt < readAt,
  };
}
