import type { Page } from '#records/store/query-page.ts';
import { listByDeadline, listThreads, type ListedThread, type ThreadFilter } from '#records/threads/thread-queries.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import type { InboxWish, Tab } from './inbox-wish.ts';

const PAGE_SIZE = 25;

/** The threads of a wish, in at most 26 documents. Throws `input_invalid` for an unknown cursor, and `unavailable`. */
export function loadInbox({ documents }: ConsoleWorld, wish: InboxWish, now: Date): Promise<Page<ListedThread>> {
  const { state, kind, assignee, after } = wish;
  const page = { limit: PAGE_SIZE, after };
  if (state === 'waiting') return listByDeadline(documents, { deadline: 'ahead', now, kind, assignee }, page);
  if (state === 'expired') return listByDeadline(documents, { deadline: 'passed', now, kind, assignee }, page);
  return listThreads(documents, { state: storedStates(state), kind, assignee }, page);
}

function storedStates(state: Exclude<Tab, 'waiting' | 'expired'>): ThreadFilter['state'] {
  if (state === 'all') return undefined;
  return state === 'decided' ? ['approved', 'rejected'] : state;
}
