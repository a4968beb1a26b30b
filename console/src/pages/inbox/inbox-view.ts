import type { Page } from '#records/store/query-page.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';
import type { InboxWish } from './inbox-wish.ts';

/** Everything that the inbox shows. */
export interface InboxView {
  readonly wish: InboxWish;
  readonly page: Page<ListedThread>;
  /** The roles that threads can be assigned to. */
  readonly roles: readonly string[];
  readonly playbooks: readonly PlaybookName[];
  readonly time: ReaderTime;
}
