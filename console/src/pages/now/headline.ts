import type { Control } from '#records/settings/control.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { found } from '#console/view/frame/part.ts';
import { totalOfDay } from './load-now.ts';
import type { NowView } from './load-now.ts';

/** What needs a person, by kind. */
export interface Needs {
  readonly approvals: number;
  readonly incidents: number;
  readonly failing: number;
  readonly offline: number;
  /** Executions past their deadline whose runner is silent. */
  readonly dead: number;
  /** There are more incidents, or more dead executions, than those that were read. */
  readonly more: { readonly incidents: boolean; readonly dead: boolean };
}

/** Counts what needs a person. */
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

/** How things are, in one calm sentence, and a second one with the figures behind it. */
export function headlineOf(view: NowView): { readonly title: string; readonly sub: string | undefined } {
  const needs = needsOf(view);
  const count = needs.approvals + needs.incidents + needs.dead + needs.failing + needs.offline;
  const isMore = needs.more.incidents || needs.more.dead;
  const { ended, failed } = totalOfDay(view);
  const atLeast = view.isPartial ? 'at least ' : '';
  const ran = `${atLeast}${plural(ended, 'execution')} in 24 h, ${failed === 0 ? 'none' : failed} failed`;
  if (count > 0) {
    const things = `${count}${isMore ? ' or more' : ''} ${count === 1 ? 'thing needs' : 'things need'} you`;
    return { title: things, sub: `${kindsOf(needs)}. ${ended === 0 ? 'Nothing ran in 24 h' : sentence(ran)}.` };
  }
  if (view.dead.kind === 'problem') {
    return { title: 'Not everything can be told', sub: `Whether an execution hangs is not known. ${sentence(ran)}.` };
  }
  const control = found(view.control);
  if (control !== undefined && control.mode !== 'run') {
    return { title: 'Nothing needs you, and nothing begins', sub: `${heldWords(control)} ${sentence(ran)}.` };
  }
  if (ended === 0) return { title: 'Nothing needs you', sub: 'No execution ended in the last 24 h.' };
  return { title: `All is well: ${ran}.`, sub: undefined };
}

/** In which state all playbooks are held, in words. */
export function heldWords({ mode }: Pick<Control, 'mode'>): string {
  switch (mode) {
    case 'run':
      return 'Playbooks run as they are scheduled.';
    case 'drain':
      return 'All playbooks are drained: what runs may end, nothing begins.';
    case 'maintenance':
      return 'Maintenance: what runs may end, nothing begins.';
    case 'halt':
      return 'All playbooks are halted: what runs may end, nothing begins.';
  }
}

function kindsOf({ approvals, incidents, dead, failing, offline, more }: Needs): string {
  return [
    ...(approvals > 0 ? [plural(approvals, 'approval')] : []),
    ...(incidents > 0
      ? [more.incidents ? `${incidents} or more open incidents` : plural(incidents, 'open incident')]
      : []),
    ...(dead > 0
      ? [`${more.dead ? `${dead} or more executions` : plural(dead, 'execution')} past the deadline, and silent`]
      : []),
    ...(failing > 0 ? [`${plural(failing, 'playbook')} failed`] : []),
    ...(offline > 0 ? [`${plural(offline, 'integration')} offline`] : []),
  ].join(' · ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
