import { z } from 'zod';
import type { ExecutionFilter } from '#records/executions/list-executions.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { dayEnd, dayStart } from './day-start.ts';

/** The statuses and triggers to filter by, in the order in which they are offered. */
export const STATUSES = ['running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export const TRIGGERS = ['schedule', 'manual'] as const;

const MAX_CHARS = 200;
const short = z.string().max(MAX_CHARS, `Enter at most ${MAX_CHARS} characters.`);
const day = z.iso
  .date('Enter a date like 2026-11-21.')
  .refine((date) => date >= '2000-01-01' && date < '2100-01-01', 'Enter a year from 2000 to 2099.');

const FIELDS = {
  text: short,
  playbook: short,
  status: z.enum(STATUSES, `Choose one of ${STATUSES.join(', ')}.`),
  trigger: z.enum(TRIGGERS, `Choose one of ${TRIGGERS.join(', ')}.`),
  agent: short,
  label: short.regex(/^[^=]+=/, 'Enter a label as key=value, like area=growth.'),
  from: day,
  to: day,
} as const;

/** The name of a filter in addresses. */
export type FilterName = keyof typeof FIELDS;

/** The filters of an address: as given, what is wrong with them, and the filter where nothing is wrong. */
export interface AskedFilter {
  readonly given: Readonly<Partial<Record<FilterName, string>>>;
  readonly problems: Readonly<Partial<Record<FilterName, string>>>;
  readonly filter: ExecutionFilter;
}

/** The names of all filters, in the order of the form. */
export const FILTERS = Object.keys(FIELDS).filter((name): name is FilterName => Object.hasOwn(FIELDS, name));

/** Reads the filters of an address. Days are those of the reader's zone; `to` is the last day that counts. Throws nothing. */
export function readFilter(query: Readonly<Record<string, string>>, timeZone: string): AskedFilter {
  const given: Partial<Record<FilterName, string>> = {};
  for (const name of FILTERS) {
    const value = query[name]?.trim() ?? '';
    if (value !== '') given[name] = value;
  }
  const parsed = z.object(FIELDS).partial().safeParse(given);
  if (!parsed.success) return { given, problems: problemsOf(parsed.error), filter: {} };

  const { playbook, from, to, ...same } = parsed.data;
  if (from !== undefined && to !== undefined && from > to) {
    return { given, problems: { to: 'The end date must not be before the start date.' }, filter: {} };
  }
  const filter: ExecutionFilter = {
    ...same,
    ...(playbook !== undefined && { playbookId: playbook }),
    ...(from !== undefined && { from: dayStart(from, timeZone) }),
    ...(to !== undefined && { to: dayEnd(to, timeZone) }),
  };
  return { given, problems: {}, filter };
}

/** The address of a list with these filters; `change` replaces some of them, undefined removes one. */
export function filterHref(
  path: string,
  given: AskedFilter['given'],
  change: Readonly<Partial<Record<FilterName | 'after', string | undefined>>> = {},
): string {
  return hrefOf(path, { ...given, ...change });
}

/** Whether the filter may reject part of what the database finds, so that a page reads as much as it may. */
export function isSifted({ text, agent, label }: ExecutionFilter): boolean {
  return (text ?? agent ?? label) !== undefined;
}

function problemsOf(error: z.ZodError): AskedFilter['problems'] {
  const problems: Partial<Record<FilterName, string>> = {};
  for (const { path, message } of error.issues) {
    const name = FILTERS.find((known) => known === path[0]);
    if (name !== undefined) problems[name] ??= message;
  }
  return problems;
}
