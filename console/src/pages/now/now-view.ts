import type { RunningSummary } from '#records/executions/execution-queries.ts';
import type { SeenRunning } from '#records/executions/seen-execution.ts';
import type { SpendFigures } from '#records/figures/spend.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import type { UnreadableRecord } from '#records/store/read-each.ts';
import type { Control } from '#records/settings/control.ts';
import type { Page } from '#records/store/query-page.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import type { Part } from '#console/view/frame/part.ts';
import type { KnownIntegration } from '#console/view/records/known-integrations.ts';
import type { DayStrip } from './day-strips.ts';
import type { FailingPlaybook } from './failing.ts';
import { countOf, sumOf } from './playbook-hours.ts';
import type { Plan } from './upcoming.ts';

/** Executions that died: not ended, past their deadline, their runner silent. */
export interface DeadExecutions {
  readonly executions: readonly SeenRunning[];
  /** There may be more than those that were read. */
  readonly more: boolean;
}

/** Everything that Now shows. */
export interface NowView {
  readonly approvals: Page<ListedThread>;
  /** How many threads wait for a decision in all, as of a few seconds ago. */
  readonly awaiting: number;
  readonly incidents: Page<ListedThread>;
  readonly failing: readonly FailingPlaybook[];
  /** Past their deadline with a silent runner, the longest first. */
  readonly dead: Part<DeadExecutions>;
  /** Running executions, the latest first; also those whose runner is silent before their deadline. */
  readonly running: readonly RunningSummary[];
  readonly playbooks: readonly PlaybookRecord[];
  /** There are more playbooks than this page reads. */
  readonly isPartial: boolean;
  readonly plan: Plan;
  readonly strips: readonly DayStrip[];
  readonly integrations: Part<readonly KnownIntegration[]>;
  readonly today: Part<SpendFigures>;
  readonly perDayUsd: number | undefined;
  readonly control: Part<Control>;
  readonly unreadable: readonly UnreadableRecord[];
}

/** How many executions ended in the last 24 hours, and how. */
export function totalOfDay({ strips }: Pick<NowView, 'strips'>): { readonly ended: number; readonly failed: number } {
  const total = sumOf(strips.map((strip) => strip.total));
  return { ended: countOf(total), failed: total.failed };
}
