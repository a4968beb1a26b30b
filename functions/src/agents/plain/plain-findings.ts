import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { z } from 'zod';
import { ActionItem, type Finding } from '../figures/answer.ts';
import { escapeMarkdown } from '#core/clean-text.ts';
import { cut } from '#core/cut.ts';

/** Something in the data that needs a person's attention, and what to do about it. */
export interface PlainFinding {
  readonly finding: Finding;
  readonly action: ActionItem;
}

interface Rule {
  readonly states: readonly string[];
  readonly severity: Finding['severity'];
  readonly priority: ActionItem['priority'];
  title(name: string): string;
}

/** By the value of `status`, `state` or `band`, or by the name of the list. */
const RULES: readonly Rule[] = [
  {
    states: ['offline', 'down', 'failed', 'error'],
    severity: 'critical',
    priority: 'high',
    title: (name) => `Bring ${name} back`,
  },
  { states: ['alert', 'critical'], severity: 'critical', priority: 'high', title: (name) => `Look into ${name}` },
  {
    states: ['degraded', 'slow', 'warn', 'warning', 'unknown'],
    severity: 'warning',
    priority: 'normal',
    title: (name) => `Keep an eye on ${name}`,
  },
  {
    states: ['unconfigured'],
    severity: 'info',
    priority: 'low',
    title: (name) => `Give ${name} its credentials`,
  },
];
const STATE_FIELDS = ['status', 'state', 'band'];
const NAME_FIELDS = ['name', 'title', 'id', 'system', 'service'];
const REASON_FIELDS = ['error', 'reason', 'detail', 'message'];
const MOST_FINDINGS = 20;

/** The action items of earlier reports in the data, without duplicates. */
export function earlierActions(data: Json): readonly ActionItem[] {
  if (Array.isArray(data)) return data.flatMap(earlierActions);
  if (!isJsonObject(data)) return [];
  return Object.entries(data).flatMap(([name, value]) => {
    if (name !== 'actionItems') return earlierActions(value);
    const items = z.array(ActionItem).safeParse(value);
    return items.success ? items.data : [];
  });
}

/**
 * The findings of plain rules: every object with a status of offline, degraded, unconfigured or in an alert band, and
 * every entry of a list with such a name; without duplicates, most urgent first.
 */
export function plainFindings(data: Json): readonly PlainFinding[] {
  const found = new Map<string, { readonly rule: Rule; readonly finding: PlainFinding }>();
  visit(data, undefined, (subject, rule, state) => {
    const name = nameOf(subject);
    const earlier = name === undefined ? undefined : found.get(name);
    if (name === undefined || (earlier !== undefined && RULES.indexOf(earlier.rule) <= RULES.indexOf(rule))) return;
    found.set(name, { rule, finding: describe(subject, name, rule, state) });
  });
  return [...found.values()]
    .toSorted((a, b) => RULES.indexOf(a.rule) - RULES.indexOf(b.rule))
    .slice(0, MOST_FINDINGS)
    .map(({ finding }) => finding);
}

type Report = (subject: JsonObject, rule: Rule, state: string) => void;

function visit(value: Json, listName: string | undefined, report: Report): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, listName, report);
  } else if (isJsonObject(value)) {
    const states = [...STATE_FIELDS.map((field) => value[field]), listName].filter(
      (state) => typeof state === 'string',
    );
    for (const state of states.map((word) => word.toLowerCase())) {
      const rule = RULES.find(({ states: known }) => known.includes(state));
      if (rule === undefined) continue;
      report(value, rule, state);
      break;
    }
    for (const [name, item] of Object.entries(value)) visit(item, Array.isArray(item) ? name : undefined, report);
  }
}

function describe(subject: JsonObject, name: string, rule: Rule, state: string): PlainFinding {
  const reason = textOf(subject, REASON_FIELDS);
  const shown = escapeMarkdown(cut(name, 100));
  const detail = `${shown} is ${state}${reason === undefined ? '' : `: ${escapeMarkdown(cut(reason, 500))}`}.`.replace(
    /\.\.$/,
    '.',
  );
  return {
    finding: { title: `${shown} is ${state}`, detail, severity: rule.severity },
    action: { title: rule.title(shown), priority: rule.priority, reason: detail },
  };
}

function nameOf(subject: JsonObject): string | undefined {
  return textOf(subject, NAME_FIELDS);
}

function textOf(subject: JsonObject, fields: readonly string[]): string | undefined {
  const texts = fields.map((field) => subject[field]).filter((value) => typeof value === 'string');
  return texts.find((text) => text.trim() !== '');
}
