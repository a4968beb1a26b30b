import type { Execution } from '../engine/execution.ts';
import { PlaybookError } from '../engine/failure.ts';
import type { Documents, Where } from '../ports/documents.ts';
import { EXECUTIONS, readExecution } from './executions.ts';

/** Which executions to list: all, or those of one playbook, or in one state, or both. */
export interface ExecutionFilter {
  readonly playbookId?: string | undefined;
  readonly status?: Execution['status'] | undefined;
  readonly limit: number;
}

/** Executions from the latest on, and the records among them that this code cannot read. */
export interface ExecutionListing {
  readonly executions: readonly Execution[];
  readonly unreadable: readonly { readonly id: string; readonly problem: string }[];
}

/** The latest executions, in one query. Throws what the documents port throws. */
export async function recentExecutions(documents: Documents, filter: ExecutionFilter): Promise<ExecutionListing> {
  const where: Where[] = [];
  if (filter.playbookId !== undefined) where.push({ field: 'playbookId', op: '==', value: filter.playbookId });
  if (filter.status !== undefined) where.push({ field: 'status', op: '==', value: filter.status });
  const found = await documents.query({
    collection: EXECUTIONS,
    where,
    orderBy: [{ field: 'startedAt', direction: 'desc' }],
    limit: filter.limit,
  });

  const executions: Execution[] = [];
  const unreadable: { id: string; problem: string }[] = [];
  for (const stored of found) {
    try {
      executions.push(readExecution(stored));
    } catch (thrown) {
      if (!(thrown instanceof PlaybookError)) throw thrown;
      unreadable.push({ id: stored.id, problem: thrown.message });
    }
  }
  return { executions, unreadable };
}
