import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import type { Where } from '#ports/documents/documents.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import { defineTool } from '../tool.ts';

const COST = 'spend.costUsd';
const CALLS = 'spend.modelCalls';
const INPUT = 'spend.inputTokens';
const OUTPUT = 'spend.outputTokens';

/** The cost of the language models. */
export const getSpend = defineTool({
  name: 'getSpend',
  summary: 'Model calls, tokens and cost of the executions of the last days, compared with the preceding days.',
  effect: 'none',
  input: z.strictObject({ days: z.number().int().min(1).max(90).default(7) }),
  output: z.object({
    days: z.number().int(),
    since: z.string(),
    executions: z.number().int(),
    modelCalls: z.number().int(),
    inputTokens: z.number().int(),
    outputTokens: z.number().int(),
    /** USD, for the executions with known prices. */
    costUsd: z.number(),
    /** The number of executions with a model whose price is unknown: their cost is not in `costUsd`. */
    executionsWithoutPrice: z.number().int(),
    /** USD, in the same number of preceding days. */
    previousCostUsd: z.number(),
  }),
  example: { days: 7 },
  async run({ days }, { ports: { documents }, clock }) {
    const collection = EXECUTIONS;
    const now = clock.now().getTime();
    const since = new Date(now - days * DAY_MS);
    const earlier = new Date(now - 2 * days * DAY_MS);
    const started: Where = { field: 'startedAt', op: '>=', value: since };
    const before: Where[] = [
      { field: 'startedAt', op: '>=', value: earlier },
      { field: 'startedAt', op: '<', value: since },
    ];
    const [used, withoutPrice, previous] = await Promise.all([
      documents.aggregate({ collection, where: [started] }, [COST, CALLS, INPUT, OUTPUT]),
      documents.aggregate({ collection, where: [{ field: COST, op: '==', value: null }, started] }),
      documents.aggregate({ collection, where: before }, [COST]),
    ]);
    return {
      days,
      since: since.toISOString(),
      executions: used.count,
      modelCalls: used.sums[CALLS] ?? 0,
      inputTokens: used.sums[INPUT] ?? 0,
      outputTokens: used.sums[OUTPUT] ?? 0,
      costUsd: used.sums[COST] ?? 0,
      executionsWithoutPrice: withoutPrice.count,
      previousCostUsd: previous.sums[COST] ?? 0,
    };
  },
});
