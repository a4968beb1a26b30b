import { z } from 'zod';
import type { FinishedExecution } from '#engine/record/execution.ts';
import { type AgentCall, callsOf, sumOfCalls } from '#engine/record/model-calls.ts';
import { isReservedName } from '#ports/documents/document-path.ts';
import type { Documents, MergeChange, Write } from '#ports/documents/documents.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { dayOf } from '../store/utc-periods.ts';

/** The collection of what the language models took, one document for each day. */
export const PLAYBOOK_SPEND = 'playbook_spend';

const MAX_NAME_CHARS = 200;
const Amount = z.number().default(0);

/** What some model calls took. `inputTokens` are all that went in; `cacheReadTokens` are those of them that were cached. */
export const SpendFigures = z.object({
  modelCalls: Amount,
  inputTokens: Amount,
  outputTokens: Amount,
  cacheReadTokens: Amount,
  /** USD, of the calls whose price is known. */
  costUsd: Amount,
  /** Calls whose price is not known: what they cost is missing in `costUsd`. */
  unpriced: Amount,
});
export type SpendFigures = z.infer<typeof SpendFigures>;

const Breakdown = z.record(z.string(), SpendFigures).default({});

/** The model calls of all executions that began on one day, UTC: `playbook_spend/{day}`. */
export const SpendDay = z.object({
  /** `2026-11-20` */
  day: z.string(),
  total: SpendFigures,
  playbooks: Breakdown,
  /** By the agent whom the step named; `none` where it named none. */
  agents: Breakdown,
  models: Breakdown,
});
export type SpendDay = z.infer<typeof SpendDay>;

/**
 * Adds the model calls of an execution to its day; undefined where it made none. It belongs into the commit that ends
 * the execution and nowhere else: that commit happens once, and so the figures are exact.
 */
export function spendWrite(execution: FinishedExecution): Write | undefined {
  const calls = callsOf(Object.values(execution.steps));
  if (calls.length === 0) return undefined;
  const day = dayOf(execution.startedAt);
  const groups: readonly (readonly [field: string, key: (one: AgentCall) => string])[] = [
    ['playbooks', () => execution.playbookId],
    ['agents', ({ agent = 'none' }) => agent],
    ['models', ({ call }) => call.model],
  ];
  const changes = groups.flatMap(([group, key]) =>
    [...Map.groupBy(calls, (one) => fieldName(key(one)))].flatMap(([name, members]) =>
      increments([group, name], members),
    ),
  );
  return {
    kind: 'merge',
    path: `${PLAYBOOK_SPEND}/${day}`,
    changes: [{ field: ['day'], value: day }, ...increments(['total'], calls), ...changes],
  };
}

/**
 * What was spent on each of these days (`2026-11-20`, ascending, as `lastDays` gives them), in one query that reads at
 * most one document for each day from the first to the last. Days without model calls are there with zeros.
 * Throws `unavailable`, and `internal` when a document is damaged.
 */
export async function loadSpend(documents: Documents, days: readonly string[]): Promise<readonly SpendDay[]> {
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const found = await reachable(
    documents.query({
      collection: PLAYBOOK_SPEND,
      where: [
        { field: 'day', op: '>=', value: first },
        { field: 'day', op: '<=', value: last },
      ],
    }),
  );
  const stored = new Map(found.map((document) => [document.id, document]));
  return days.map((day) => {
    const document = stored.get(day);
    return document === undefined ? SpendDay.parse({ day, total: {} }) : parsedRecord(SpendDay, document);
  });
}

/** What the database would refuse as the name of a field must not keep an execution from ending. */
function fieldName(name: string): string {
  const isSound = name !== '' && name.length <= MAX_NAME_CHARS && name.isWellFormed() && !isReservedName(name);
  return isSound ? name : 'other';
}

function increments(field: readonly string[], calls: readonly AgentCall[]): MergeChange[] {
  return Object.entries(sumOfCalls(calls) satisfies SpendFigures).map(([name, increment]) => ({
    field: [...field, name],
    increment,
  }));
}
