import type { ExecutionSummary } from '#records/executions/execution-queries.ts';

/** A failed execution. */
export type FailedSummary = Extract<ExecutionSummary, { status: 'failed' }>;

/** A playbook of which executions failed. */
export interface FailingPlaybook {
  readonly playbookId: string;
  readonly name: string;
  readonly count: number;
  /** Undefined where others failed so often later that it was not read. */
  readonly latest: FailedSummary | undefined;
}

/** How often a playbook failed, by its figures. */
export interface FailureCount {
  readonly playbookId: string;
  readonly name: string;
  readonly failed: number;
}

/**
 * The playbooks that failed, the latest first: from the latest failed executions (newest first), and from figures, which
 * also know what is older than those.
 */
export function failingPlaybooks(
  latest: readonly ExecutionSummary[],
  counts: readonly FailureCount[],
): readonly FailingPlaybook[] {
  const failed = latest.filter((execution): execution is FailedSummary => execution.status === 'failed');
  const seen = [...Map.groupBy(failed, ({ playbookId }) => playbookId)].flatMap(([playbookId, members]) => {
    const [newest] = members;
    if (newest === undefined) return [];
    const counted = counts.find((one) => one.playbookId === playbookId)?.failed ?? 0;
    return [{ playbookId, name: newest.playbookName, count: Math.max(counted, members.length), latest: newest }];
  });
  const unseen = counts
    .filter(({ playbookId, failed: count }) => count > 0 && seen.every((one) => one.playbookId !== playbookId))
    .map(({ playbookId, name, failed: count }) => ({ playbookId, name, count, latest: undefined }));
  return [...seen, ...unseen];
}
