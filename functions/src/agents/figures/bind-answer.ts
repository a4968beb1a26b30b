import type { z } from 'zod';
import { JsonValue, type Json } from '#core/json.ts';
import { checkAnswer, type ReadAnswer } from './answer.ts';
import { cut } from '#core/cut.ts';
import { sourcesOf } from './data-sources.ts';
import { bindFigures, type Receipt } from './figures.ts';

/** An answer whose texts hold no reference any more, and where its figures come from. */
export interface BoundAnswer<Answer> {
  readonly answer: ReadAnswer<Answer>;
  readonly receipts: readonly Receipt[];
}

const MOST_RECEIPTS = 200;
const LONGEST_SHOWN = 200;

/**
 * Fills the references in all texts of an answer from the data, and refuses the answer where a figure does not go back
 * to it. Words of the schema (`priority`, `severity`) hold neither and pass as they are. What came out is checked again.
 */
export function bindAnswer<Answer>(answer: Answer, data: Json, schema: z.ZodType<Answer>): BoundAnswer<Answer> {
  const sources = sourcesOf(data);
  const problems: string[] = [];
  const receipts = new Map<string, Receipt>();

  function bind(value: Json): Json {
    if (typeof value === 'string') {
      const bound = bindFigures(value, data, sources);
      if (!bound.ok) {
        problems.push(...bound.problems);
        return value;
      }
      for (const receipt of bound.receipts) {
        if (receipts.size < MOST_RECEIPTS) {
          receipts.set(`${receipt.path}|${receipt.shown}`, {
            ...receipt,
            shown: cut(receipt.shown, LONGEST_SHOWN),
            value: typeof receipt.value === 'string' ? cut(receipt.value, LONGEST_SHOWN) : receipt.value,
          });
        }
      }
      return bound.text;
    }
    if (Array.isArray(value)) return value.map(bind);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, bind(item)]));
  }

  const filled = bind(JsonValue.parse(answer));
  if (problems.length > 0) return { answer: { ok: false, problems: [...new Set(problems)] }, receipts: [] };
  return { answer: checkAnswer(filled, schema), receipts: [...receipts.values()] };
}
