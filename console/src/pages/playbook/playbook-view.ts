import type { PlaybookStatistics } from '#records/figures/playbook-statistics.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import type { ExecutionPage } from '#records/executions/list-executions.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import type { Person } from '#console/world/console-env.ts';
import type { ReaderTime } from '#console/view/elements/time.tsx';

/** What every page of one playbook knows of its request. */
export interface PlaybookRequest {
  readonly id: string;
  readonly person: Person;
  readonly csrfToken: string;
  readonly time: ReaderTime;
}

/** Everything that the overview of one playbook shows. */
export interface PlaybookView extends PlaybookRequest {
  readonly record: PlaybookRecord;
  /** Undefined: they cannot be read. */
  readonly statistics: PlaybookStatistics | undefined;
  /** The latest. */
  readonly executions: ExecutionPage;
  /** Those that are open or wait for a decision. */
  readonly threads: readonly ListedThread[];
  /** What came of a form that was refused. */
  readonly refused: SwitchRefusal | undefined;
}

/** The names of what can be switched, as addresses say them. */
export type Switch = 'pause' | 'resume' | 'enable' | 'disable';

/** A switch that was not changed: the sentence why, and what was written. */
export interface SwitchRefusal {
  readonly message: string;
  readonly switch: Switch;
  readonly written: SwitchDraft;
}

/** What stands in the form of a switch. */
export interface SwitchDraft {
  readonly reason: string;
  /** One of the ends that the form offers. */
  readonly end: string;
  /** As a `datetime-local` field has it. */
  readonly until: string;
}
