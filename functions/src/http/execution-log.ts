import type { FinishedExecution, SkippedExecution } from '#engine/record/execution.ts';
import type { LogEntry } from '#ports/log.ts';

/**
 * The single log entry of an ended execution: INFO if it succeeded or was skipped, WARNING if it was
 * cancelled, ERROR if it failed. `cause` is the
 * error that ended it, if it was thrown in this process; its stack is logged.
 */
export function executionLogEntry(execution: FinishedExecution | SkippedExecution, cause?: unknown): LogEntry {
  const { playbookId } = execution;
  switch (execution.status) {
    case 'skipped':
      return {
        severity: 'INFO',
        message: `The playbook ${playbookId} was skipped: ${execution.explanation}`,
        fields: { ...told(execution), reason: execution.reason },
      };
    case 'succeeded':
      return {
        severity: 'INFO',
        message: `The playbook ${playbookId} succeeded`,
        fields: { ...told(execution), ...ended(execution) },
      };
    case 'cancelled':
      return {
        severity: 'WARNING',
        message: `The playbook ${playbookId} was cancelled: ${execution.error}`,
        fields: { ...told(execution), ...ended(execution), ...failed(execution, cause) },
      };
    case 'failed':
      return {
        severity: 'ERROR',
        message: `The playbook ${playbookId} failed: ${execution.error}`,
        fields: { ...told(execution), ...ended(execution), ...failed(execution, cause) },
      };
  }
}

type Fields = LogEntry['fields'];

function told(execution: FinishedExecution | SkippedExecution): Fields {
  const { id, playbookId, version, status, slot, trigger, duration, stepsExecuted } = execution;
  return {
    executionId: id,
    playbookId,
    version,
    status,
    trigger: trigger.kind,
    slot,
    durationMs: duration,
    stepsExecuted,
  };
}

function failed(
  { failure, failedStep }: Extract<FinishedExecution, { readonly status: 'failed' | 'cancelled' }>,
  cause: unknown,
): Fields {
  return {
    failureCode: failure.code,
    failureClass: failure.class,
    failedStep,
    ...(cause === undefined ? {} : { cause }),
  };
}

/** `costUsd` is null if the price of a model is unknown. */
function ended({ spend, criteria }: FinishedExecution): Fields {
  const notOk = criteria.filter(({ band }) => band !== 'ok').map(({ id, band }) => `${id}: ${band}`);
  return { modelCalls: spend.modelCalls, costUsd: spend.costUsd, criteriaNotOk: notOk };
}
