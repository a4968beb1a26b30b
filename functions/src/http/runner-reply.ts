import type { Claim } from '#engine/claim/take-over.ts';
import type { Execution, SkippedExecution, WaitingExecution } from '#engine/record/execution.ts';
import type { RunnerReply } from './request.ts';

/**
 * The result of a delivery. `ended`, `parked`, `skipped`: by this delivery. `recorded`, `held`, `waiting`: by an earlier
 * one, answered from its record.
 */
export type Delivered =
  | { readonly kind: 'ended'; readonly execution: Execution }
  | { readonly kind: 'parked'; readonly execution: WaitingExecution }
  | { readonly kind: 'skipped'; readonly execution: SkippedExecution }
  | Extract<Claim, { readonly kind: 'held' | 'waiting' | 'recorded' }>;

/** The answer to a delivery; indicates a repeated one. */
export function replyOf({ kind, execution }: Delivered): RunnerReply {
  const { id: executionId, playbookId, status, stepsExecuted } = execution;
  const isRepeated = ['recorded', 'held', 'waiting'].includes(kind);
  const named = { status, executionId, playbookId, ...(isRepeated ? { repeated: true } : {}) };
  switch (execution.status) {
    case 'running':
    case 'waiting':
      return reply(202, { success: true, ...named, duration: null, stepsExecuted });
    case 'skipped':
      return reply(200, { success: true, ...named, duration: 0, stepsExecuted, reason: execution.reason });
    case 'succeeded':
      return reply(200, { success: true, ...named, duration: execution.duration, stepsExecuted });
    case 'failed':
    case 'cancelled':
      return reply(500, {
        success: false,
        ...named,
        duration: execution.duration,
        stepsExecuted,
        error: execution.error,
      });
  }
}

/** An answer in JSON, which must not be cached. */
export function reply(status: number, body: RunnerReply['body'], headers: RunnerReply['headers'] = {}): RunnerReply {
  return {
    status,
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  };
}
