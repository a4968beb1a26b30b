import type { Page } from '#records/store/query-page.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { Part } from '#console/view/frame/part.ts';
import type { KnownIntegration } from '#console/view/records/known-integrations.ts';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';
import type { HealthWindow } from './health-window.ts';

/** Everything that the page of the integrations shows. */
export interface HealthView {
  /** The worst first. */
  readonly integrations: readonly KnownIntegration[];
  /** Why the list of integrations is missing, if it is. */
  readonly problem: Part<unknown>;
  readonly openIncidents: Page<ListedThread>;
  /** The newest in any state. */
  readonly recentIncidents: Page<ListedThread>;
  readonly playbooks: readonly PlaybookName[];
  readonly window: HealthWindow;
  readonly time: ReaderTime;
}
