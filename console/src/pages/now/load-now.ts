import type { Control } from '#records/settings/control.ts';
import { controlAt, loadControl } from '#records/settings/control.ts';
import { overdueExecutions, runningExecutions } from '#records/executions/execution-queries.ts';
import type { ExecutionListing, ExecutionSummary, RunningSummary } from '#records/executions/execution-queries.ts';
import { loadIntegrationHealth } from '#records/health/integration-health.ts';
import { listExecutions } from '#records/executions/list-executions.ts';
import { PLAYBOOKS, readPlaybook } from '#records/playbooks/playbooks.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { queryPage } from '#records/store/query-page.ts';
import type { Page } from '#records/store/query-page.ts';
import type { UnreadableRecord } from '#records/store/read-each.ts';
import type { SeenExecution, SeenRunning } from '#records/executions/seen-execution.ts';
import { loadSpend } from '#records/figures/spend.ts';
import type { SpendFigures } from '#records/figures/spend.ts';
import { listThreads, openApprovals } from '#records/threads/thread-queries.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { knownIntegrations } from '#console/view/records/known-integrations.ts';
import type { KnownIntegration } from '#console/view/records/known-integrations.ts';
import { totalOf } from '#console/view/records/spend-sum.ts';
import { dayStrips } from './day-strips.ts';
import type { DayStrip } from './day-strips.ts';
import { failingPlaybooks } from './failing.ts';
import type { FailingPlaybook } from './failing.ts';
import { found, partOf } from '#console/view/frame/part.ts';
import type { Part } from '#console/view/frame/part.ts';
import { cellsBegin, countOf, loadPlaybookHours, sumOf } from './playbook-hours.ts';
import { planOf } from './upcoming.ts';
import type { Plan } from './upcoming.ts';

/** Together with what else is read: at most 60 documents. */
const LIMITS = { playbooks: 14, approvals: 5, incidents: 3, failures: 5, running: 5, overdue: 3 } as const;

/** Executions that died: they have not ended, their deadline has passed, and their runner is silent. */
export interface DeadExecutions {
  readonly executions: readonly SeenRunning[];
  /** There may be more than those that were read. */
  readonly more: boolean;
}

/** Everything that Now shows. */
export interface NowView {
  readonly approvals: Page<ListedThread>;
  /** How many wait for a decision in all, at most some seconds ago. */
  readonly awaiting: number;
  readonly incidents: Page<ListedThread>;
  readonly failing: readonly FailingPlaybook[];
  /** Past their deadline, and nobody works on them: the longest first. */
  readonly dead: Part<DeadExecutions>;
  /** What runs, the latest first, also where its runner is silent before its deadline. */
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

/** Reads at most 59 documents, all at the same time. Throws like `partOf`. */
export async function loadNow(world: ConsoleWorld, now: Date): Promise<NowView> {
  const { documents } = world;
  const [[approvals, incidents, awaiting], [failed, running, overdue], [playbooks, hours], beside] = await Promise.all([
    Promise.all([
      openApprovals(documents, now, LIMITS.approvals),
      listThreads(documents, { state: 'open', kind: 'incident' }, { limit: LIMITS.incidents }),
      world.countAwaiting(),
    ]),
    Promise.all([
      listExecutions(documents, { status: 'failed', from: cellsBegin(now) }, { limit: LIMITS.failures }),
      runningExecutions(documents, LIMITS.running),
      partOf(overdueExecutions(documents, now, LIMITS.overdue)),
    ]),
    Promise.all([
      queryPage(documents, { collection: PLAYBOOKS, orderBy: [] }, { limit: LIMITS.playbooks }, readPlaybook),
      loadPlaybookHours(documents, LIMITS.playbooks),
    ]),
    loadBeside(world, now),
  ]);
  const strips = dayStrips(playbooks.items, hours.items, now);
  return {
    approvals,
    awaiting: Math.max(awaiting, approvals.items.length),
    incidents,
    failing: failingPlaybooks(
      failed.executions,
      strips.map(({ playbookId, name, total }) => ({ playbookId, name, failed: total.failed })),
    ),
    dead: mapped(overdue, deadAmong),
    running: running.executions.filter(isRunning),
    playbooks: playbooks.items,
    isPartial: playbooks.next !== undefined || hours.next !== undefined,
    plan: planOf(playbooks.items, now),
    strips,
    ...beside,
    unreadable: unreadableOf([approvals, incidents, failed, running, found(overdue), playbooks, hours]),
  };
}

/** How many executions ended in the last 24 hours, and how. */
export function totalOfDay({ strips }: Pick<NowView, 'strips'>): { readonly ended: number; readonly failed: number } {
  const total = sumOf(strips.map((strip) => strip.total));
  return { ended: countOf(total), failed: total.failed };
}

/** Somebody may work on an execution past its deadline, to tell people of it: that one is not dead. */
function deadAmong({ executions }: ExecutionListing<SeenExecution>): DeadExecutions {
  return {
    executions: executions.filter(
      (execution): execution is SeenRunning => execution.status === 'running' && execution.silentSince !== null,
    ),
    more: executions.length === LIMITS.overdue,
  };
}

/** Whether it is to be listed among what runs: what is dead stands elsewhere. */
function isRunning(execution: ExecutionSummary): execution is RunningSummary {
  return execution.status === 'running' && (execution.silentSince === null || !execution.pastDeadline);
}

/** Each once, although a damaged record may be in several lists. */
function unreadableOf(lists: readonly (Pick<Page<unknown>, 'unreadable'> | undefined)[]): NowView['unreadable'] {
  const all = lists.flatMap((list) => list?.unreadable ?? []);
  return [...new Map(all.map((record) => [`${record.id} ${record.problem}`, record])).values()];
}

async function loadBeside({ documents, settings }: ConsoleWorld, now: Date) {
  const [integrations, spend, models, control] = await Promise.all([
    partOf(Promise.all([settings.integrations(), loadIntegrationHealth(documents, now)])),
    partOf(loadSpend(documents, lastDays(now, 1))),
    partOf(settings.models()),
    partOf(loadControl(documents)),
  ]);
  return {
    integrations: mapped(integrations, ([{ integrations: all }, health]) => knownIntegrations(all, health)),
    today: mapped(spend, totalOf),
    perDayUsd: models.kind === 'found' ? models.value.budget?.perDayUsd : undefined,
    control: mapped(control, (said) => controlAt(said, now)),
  };
}

function mapped<From, To>(part: Part<From>, map: (value: From) => To): Part<To> {
  return part.kind === 'found' ? { kind: 'found', value: map(part.value) } : part;
}
