import type { JsonObject } from '#core/json.ts';
import type { ActionItem, AgentAnswer, WrittenReport } from '../figures/answer.ts';
import { escapeMarkdown } from '#core/clean-text.ts';
import { cut } from '#core/cut.ts';
import { earlierActions, plainFindings, type PlainFinding } from './plain-findings.ts';
import { plainSections } from './plain-sections.ts';

/** The model name in records for the author that is not a language model. */
export const NO_MODEL = 'none';

/** A report to be written without a language model. */
export interface PlainOrder {
  readonly title: string;
  /** A sentence that says why no language model wrote this. */
  readonly because: string;
  readonly data: JsonObject;
}

/**
 * A report from the data alone: its figures and the findings of plain rules, without commentary. The same data yields
 * the same text.
 */
export function writePlainReport({ title, because, data }: PlainOrder): WrittenReport {
  const actionItems = actionsIn(data, plainFindings(data));
  return { title: cut(title, 200), markdown: plainMarkdown(because, data, actionItems), actionItems };
}

/** An agent's answer from the data alone, likewise. */
export function writePlainAnswer({ title, because, data }: PlainOrder): AgentAnswer {
  const found = plainFindings(data);
  const actionItems = actionsIn(data, found);
  const report = `# ${escapeMarkdown(title)}\n\n${plainMarkdown(because, data, actionItems)}`;
  return { report, findings: found.map(({ finding }) => finding), actionItems };
}

const MOST_ACTIONS = 30;
const PRIORITIES = ['high', 'normal', 'low'] as const;

/** The action items from plain rules and from earlier reports, without duplicates, most urgent first. */
function actionsIn(data: JsonObject, found: readonly PlainFinding[]): ActionItem[] {
  const all = [...found.map(({ action }) => action), ...earlierActions(data)];
  const distinct = [...new Map(all.map((action) => [action.title, action])).values()];
  return PRIORITIES.flatMap((priority) => distinct.filter((action) => action.priority === priority)).slice(
    0,
    MOST_ACTIONS,
  );
}

function plainMarkdown(because: string, data: JsonObject, actionItems: readonly ActionItem[]): string {
  const isEmpty = Object.keys(data).length === 0;
  const items = actionItems.map(({ title, priority, reason }) => `- **${title}** (${priority}): ${reason}`).join('\n');
  return [
    `*Figures without commentary. ${escapeMarkdown(because)}*`,
    ...(isEmpty ? ['No data was provided, so nothing is reported.'] : []),
    ...(actionItems.length > 0 ? ['## Action items', items] : []),
    ...plainSections(data),
  ].join('\n\n');
}
