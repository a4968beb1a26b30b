import {
  overdueExecutions,
  runningExecutions,
  type ExecutionListing,
  type ExecutionSummary,
  type RunningSummary,
} from '#records/executions/execution-queries.ts';
import { listExecutions } from '#records/executions/list-executions.ts';
import type { SeenExecution, SeenRunning } from '#records/executions/seen-execution.ts';
import { PLAYBOOKS, readPlaybook } from '#records/playbooks/playbooks.ts';
import { queryPage, type Page } from '#records/store/query-page.ts';
import { listThreads, openApprovals } from '#records/threads/thread-queries.ts';
import { found, partOf } from '#console/view/frame/part.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { dayStrips } from './day-strips.ts';
import { failingPlaybooks } from './failing.ts';
import { loadSurroundings } from './load-surroundings.ts';
import { mapped } from './mapped-part.ts';
import type { DeadExecutions, NowView } from './now-view.ts';
import { cellsBegin, loadPlaybookHours } from './playbook-hours.ts';
import { planOf } from './upcoming.ts';

/** Together with what else is read: at most 60 documents. */
const LIMITS = { playbooks: 14, approvals: 5, incidents: 3, failures: 5, running: 5, overdue: 3 } as const;

/** Reads at most 59 documents, all at the same time. Throws like `partOf`. */
export async function loadNow(world: ConsoleWorld, now: Date): Promise<NowView> {
  const [threads, executions, { playbooks, hours }, surroundings] = await Promise.all([
    loadThreads(world, now),
    loadExecutions(world, now),
    loadPlaybooks(world),
    loadSurroundings(world, now),
  ]);
  const { failed, running, overdue } = executions;
  const strips = dayStrips(playbooks.items, hours.items, now);
  const counts = strips.map(({ playbookId, name, total }) => ({ playbookId, name, failed: total.failed }));
  return {
    ...threads,
    ...surroundings,
    failing: failingPlaybooks(failed.executions, counts),
    dead: mapped(overdue, deadAmong),
    running: running.executions.filter(isRunning),
    playbooks: playbooks.items,
    isPartial: playbooks.next !== undefined || hours.next !== undefined,
    plan: planOf(playbooks.items, now),
    strips,
    unreadable: unreadableOf([threads.approvals, threads.incidents, failed, running, found(overdue), playbooks, hours]),
  };
}

async function loadThreads(world: ConsoleWorld, now: Date) {
  const { documents } = world;
  const [approvals, incidents, awaiting] = await Promise.all([
    openApprovals(documents, now, LIMITS.approvals),
    listThreads(documents, { state: 'open', kind: 'incident' }, { limit: LIMITS.incidents }),
    world.countAwaiting(),
  ]);
  return { approvals, incidents, awaiting: Math.max(awaiting, approvals.items.length) };
}

async function loadExecutions({ documents }: ConsoleWorld, now: Date) {
  const [failed, running, overdue] = await Promise.all([
    listExecutions(documents, { status: 'failed', from: cellsBegin(now) }, { limit: LIMITS.failures }),
    runningExecutions(documents, LIMITS.running),
    partOf(overdueExecutions(documents, now, LIMITS.overdue)),
  ]);
  return { failed, running, overdue };
}

async function loadPlaybooks({ documents }: ConsoleWorld) {
  const [playbooks, hours] = await Promise.all([
    queryPage(documents, { collection: PLAYBOOKS, orderBy: [] }, { limit: LIMITS.playbooks }, readPlaybook),
    loadPlaybookHours(documents, LIMITS.playbooks),
  ]);
  return { playbooks, hours };
}

/** A runner may still work on an execution past its deadline, to notify people: that one is not dead. */
function deadAmong({ executions }: ExecutionListing<SeenExecution>): DeadExecutions {
  return {
    executions: executions.filter(
      (execution): execution is SeenRunning => execution.status === 'running' && execution.silentSince !== null,
    ),
    more: executions.length === LIMITS.overdue,
  };
}

/** Whether it is listed as running: the dead are listed elsewhere. */
function isRunning(execution: ExecutionSummary): execution is RunningSummary {
  return execution.status === 'running' && (execution.silentSince === null || !execution.pastDeadline);
}

/** Each once, although a damaged record may be in several lists. */
function unreadableOf(lists: readonly (Pick<Page<unknown>, 'unreadable'> | undefined)[]): NowView['unreadable'] {
  const all = lists.flatMap((list) => list?.unreadable ?? []);
  return [...new Map(all.map((record) => [`${record.id} ${record.problem}`, record])).values()];
}
