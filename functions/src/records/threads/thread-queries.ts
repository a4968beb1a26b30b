import type { Documents, Query, Where } from '#ports/documents/documents.ts';
import { queryPage, type Page, type PageRequest } from '../store/query-page.ts';
import { reachable } from '../store/reachable.ts';
import { readThreadSummary, THREADS } from './threads.ts';
import { SUMMARY_FIELDS, type ThreadSummary, type Thread } from './thread.ts';

/** Which threads to list. `state` is the stored one: expired threads are still `awaiting_approval`. */
export interface ThreadFilter {
  readonly state?: Thread['state'] | readonly Thread['state'][] | undefined;
  readonly kind?: Thread['kind'] | undefined;
  readonly assignee?: string | undefined;
  readonly executionId?: string | undefined;
  readonly playbookId?: string | undefined;
}

/** Which of the undecided threads to list. */
type DeadlineFilter = Pick<ThreadFilter, 'kind' | 'assignee'> & {
  readonly deadline: 'ahead' | 'passed';
  readonly now: Date;
};

/** A thread as lists show it, with its id. */
export type ListedThread = ThreadSummary & { readonly id: string };

/** Threads, newest first, in one query, without their content. Throws like `queryPage`. */
export async function listThreads(
  documents: Documents,
  { state, kind, assignee, executionId, playbookId }: ThreadFilter,
  page: PageRequest,
): Promise<Page<ListedThread>> {
  const where: Where[] = Object.entries({ state, kind, assignee, executionId, playbookId }).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, op: typeof value === 'string' ? '==' : 'in', value }],
  );
  return listed(documents, { where, orderBy: [{ field: 'createdAt', direction: 'desc' }] }, page);
}

/**
 * Threads that need a decision, in one query, without their content: `ahead`, those that can be decided at `now`, the soonest
 * deadline first; `passed`, those that were denied by default, the latest first. Throws like `queryPage`.
 */
export async function listByDeadline(
  documents: Documents,
  { deadline, now, kind, assignee }: DeadlineFilter,
  page: PageRequest,
): Promise<Page<ListedThread>> {
  const where: Where[] = [...(deadline === 'ahead' ? waiting(now) : expired(now))];
  if (kind !== undefined) where.push({ field: 'kind', op: '==', value: kind });
  if (assignee !== undefined) where.push({ field: 'assignee', op: '==', value: assignee });
  const direction = deadline === 'ahead' ? 'asc' : 'desc';
  return listed(documents, { where, orderBy: [{ field: 'deadlineAt', direction }] }, page);
}

/** The threads that wait for a decision at `now`, the soonest deadline first, in one query. Throws like `queryPage`. */
export async function openApprovals(documents: Documents, now: Date, limit: number): Promise<Page<ListedThread>> {
  return listByDeadline(documents, { deadline: 'ahead', now }, { limit });
}

/** How many threads wait for a decision at `now`. Throws `unavailable`. */
export async function countAwaiting(documents: Documents, now: Date): Promise<number> {
  const { count } = await reachable(documents.aggregate({ collection: THREADS, where: waiting(now) }));
  return count;
}

function waiting(now: Date): readonly Where[] {
  return [
    { field: 'state', op: '==', value: 'awaiting_approval' },
    { field: 'deadlineAt', op: '>', value: now },
  ];
}

function expired(now: Date): readonly Where[] {
  return [
    { field: 'state', op: '==', value: 'awaiting_approval' },
    { field: 'deadlineAt', op: '<=', value: now },
  ];
}

function listed(
  documents: Documents,
  query: Required<Pick<Query, 'where' | 'orderBy'>>,
  page: PageRequest,
): Promise<Page<ListedThread>> {
  return queryPage(documents, { collection: THREADS, select: SUMMARY_FIELDS, ...query }, page, (stored) => ({
    id: stored.id,
    ...readThreadSummary(stored),
  }));
}
