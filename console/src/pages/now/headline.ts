import type { Control } from '#records/settings/control.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { found } from '#console/view/frame/part.ts';
import { HOLDS } from './control-form.ts';
import { totalOfDay, type NowView } from './now-view.ts';

/** What needs attention, by kind. */
export interface Needs {
  readonly approvals: number;
  readonly incidents: number;
  readonly failing: number;
  readonly offline: number;
  /** Executions past their deadline whose runner is silent. */
  readonly dead: number;
  /** There are more incidents, or more dead executions, than were read. */
  readonly more: { readonly incidents: boolean; readonly dead: boolean };
}

/** Counts what needs attention. */
export function needsOf(view: NowView): Needs {
  const integrations = found(view.integrations) ?? [];
  const dead = found(view.dead);
  return {
    approvals: view.awaiting,
    incidents: view.incidents.items.length,
    failing: view.failing.length,
    offline: integrations.filter(({ status }) => status === 'offline').length,
    dead: dead?.executions.length ?? 0,
    more: { incidents: view.incidents.next !== undefined, dead: dead?.more ?? false },
  };
}

/** The heading of Now. */
export interface Headline {
  readonly title: string;
  /** A line with the figures behind it. */
  readonly sub: string | undefined;
}

/** How things are, in one calm sentence. */
export function headlineOf(view: NowView): Headline {
  const needs = needsOf(view);
  const { approvals, incidents, dead, failing, offline } = needs;
  const count = approvals + incidents + dead + failing + offline;
  const ran = ranWords(view);
  if (count > 0) {
    const isMore = needs.more.incidents || needs.more.dead;
    const items = `${count}${isMore ? ' or more' : ''} ${count === 1 && !isMore ? 'item needs' : 'items need'}`;
    return { title: `${items} attention`, sub: `${kindsOf(needs)}. ${ran}.` };
  }
  if (view.dead.kind === 'problem') {
    return { title: 'Status incomplete', sub: `Stuck executions could not be checked for. ${ran}.` };
  }
  const control = found(view.control);
  if (control !== undefined && control.mode !== 'run') {
    return { title: 'Nothing needs attention, all playbooks are paused', sub: `${pausedWords(control.mode)} ${ran}.` };
  }
  if (totalOfDay(view).ended === 0) return { title: 'Nothing needs attention', sub: `${ran}.` };
  return { title: `All OK: ${ran}`, sub: undefined };
}

/** How all playbooks are paused, and what that means. */
function pausedWords(mode: Exclude<Control['mode'], 'run'>): string {
  return `${HOLDS[mode].state}: executions in progress finish, no new ones start.`;
}

function ranWords(view: NowView): string {
  const { ended, failed } = totalOfDay(view);
  if (ended === 0) return 'No executions in 24 h';
  const executions = plural(ended, 'execution');
  return `${view.isPartial ? `At least ${executions}` : executions} in 24 h, ${failed === 0 ? 'none' : failed} failed`;
}

function kindsOf({ approvals, incidents, dead, failing, offline, more }: Needs): string {
  return [
    ...(approvals > 0 ? [plural(approvals, 'approval')] : []),
    ...(incidents > 0
      ? [more.incidents ? `${incidents} or more open incidents` : plural(incidents, 'open incident')]
      : []),
    ...(dead > 0 ? [`${more.dead ? `${dead} or more executions` : plural(dead, 'execution')} overdue and silent`] : []),
    ...(failing > 0 ? [`${plural(failing, 'playbook')} failed`] : []),
    ...(offline > 0 ? [`${plural(offline, 'integration')} offline`] : []),
  ].join(' · ');
}
