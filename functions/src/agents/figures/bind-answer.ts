import type { z } from 'zod';
import { JsonValue, type Json } from '#core/json.ts';
import { checkAnswer, type ReadAnswer } from './answer.ts';
import { cut } from '#core/cut.ts';
import { sourcesOf } from './data-sources.ts';
import { bindFigures, type Receipt } from './figures.ts';

/** An answer with all references filled in, and the sources of its figures. */
export interface BoundAnswer<Answer> {
  readonly answer: ReadAnswer<Answer>;
  readonly receipts: readonly Receipt[];
}

const MOST_RECEIPTS = 200;
const LONGEST_SHOWN = 200;

/**
 * Fills in the references in all texts of an answer from the data, and refuses the answer if a figure does not come
 * from it. Words of the schema (`priority`, `severity`) contain neither and are unchanged. The result is checked again.
 */
export function bindAnswer<Answer>(answer: Answer, data: Json, schema: z.ZodType<Answer>): BoundAnswer<Answer> {
  const sources = sourcesOf(data);
  const problems: string[] = [];
  const receipts: Receipt[] = [];
  const filled = withTexts(JsonValue.parse(answer), (text) => {
    const bound = bindFigures(text, data, sources);
    if (!bound.ok) {
      problems.push(...bound.problems);
      return text;
    }
    receipts.push(...bound.receipts);
    return bound.text;
  });
  if (problems.length > 0) return { answer: { ok: false, problems: [...new Set(problems)] }, receipts: [] };
  return { answer: checkAnswer(filled, schema), receipts: kept(receipts) };
}

/** The value with all its texts replaced; keys are unchanged. */
function withTexts(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTexts(item, replace)]));
}

/** Without duplicates, up to a limit, with texts cut to a readable length. */
function kept(receipts: readonly Receipt[]): readonly Receipt[] {
  const once = new Map<string, Receipt>();
  for (const { path, shown, value } of receipts) {
    if (once.size >= MOST_RECEIPTS) break;
    once.set(`${path}|${shown}`, {
      path,
      shown: cut(shown, LONGEST_SHOWN),
      value: typeof value === 'string' ? cut(value, LONGEST_SHOWN) : value,
    });
  }
  return [...once.values()];
}
