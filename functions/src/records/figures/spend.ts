import type { StepRecord } from '#engine/record/step-schema.ts';
import { z } from 'zod';
import type { FinishedExecution } from '#engine/record/execution.ts';
import { type AgentCall, callsOf, sumOfCalls } from '#engine/record/model-calls.ts';
import { isReservedName } from '#ports/documents/document-path.ts';
import type { Documents, MergeChange, Write } from '#ports/documents/documents.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { dayOf } from '../store/utc-periods.ts';

/** The collection of the spend on language models, one document per day. */
export const PLAYBOOK_SPEND = 'playbook_spend';

const MAX_NAME_CHARS = 200;
const Amount = z.number().default(0);

/** The usage and cost of model calls. `inputTokens` includes the cached ones, which are `cacheReadTokens`. */
export const SpendFigures = z.object({
  modelCalls: Amount,
  inputTokens: Amount,
  outputTokens: Amount,
  cacheReadTokens: Amount,
  /** USD, for the calls with a known price. */
  costUsd: Amount,
  /** The number of calls with an unknown price: their cost is not in `costUsd`. */
  unpriced: Amount,
});
export type SpendFigures = z.infer<typeof SpendFigures>;

const Breakdown = z.record(z.string(), SpendFigures).default({});

/** The model calls of all executions that began on one UTC day: `playbook_spend/{day}`. */
export const SpendDay = z.object({
  /** `2026-11-20` */
  day: z.string(),
  total: SpendFigures,
  playbooks: Breakdown,
  /** By the agent that the step names; `none` where it names no agent. */
  agents: Breakdown,
  models: Breakdown,
});
export type SpendDay = z.infer<typeof SpendDay>;

/**
 * Adds the model calls of an execution to its day; undefined if it made none. Use it only in the commit that ends the
 * execution: that commit happens once, so the figures are exact.
 */
export function spendWrite(execution: FinishedExecution, iterations: readonly StepRecord[] = []): Write | undefined {
  const calls = callsOf([...Object.values(execution.steps), ...iterations]);
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
 * The spend on each of these days (`2026-11-20`, ascending, as `lastDays` returns them), in one query that reads at most
 * one document per day from the first to the last. Days without model calls have zeros.
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

/** A name that the database refuses as a field name must not keep an execution from ending. */
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
