import { cut } from '#core/cut.ts';
import { type Json, JsonValue } from '#core/json.ts';

/** Parsed JSON, or why a text cannot be accepted, as a sentence. */
export type StrictJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

const MAX_DEPTH = 8;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Parses only JSON that every parser reads alike: for a duplicate name, one parser takes the first and another the
 * last; `__proto__` is a field only to some; a number may exceed the range of numbers. Accepts at most 8 levels. Never
 * throws.
 */
export function readStrictJson(text: string): StrictJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'It is not valid JSON.' };
  }
  const problem = structureProblem(text);
  if (problem !== undefined) return { ok: false, problem };
  // Only now, because reading the value recurses as deep as it nests.
  const read = JsonValue.safeParse(value);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, problem: 'It contains a number larger than 1.8e308, the maximum.' };
}

/** Requires valid JSON, so that quotation marks and brackets are balanced. */
function structureProblem(text: string): string | undefined {
  /** The names seen in each enclosing object; undefined for a list. */
  const around: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') around.push(token === '{' ? new Set() : undefined);
    if (token === '}' || token === ']') around.pop();
    if (around.length > MAX_DEPTH) return `It nests more than ${MAX_DEPTH} deep.`;
    if (token === ':') {
      const name = String(JSON.parse(last));
      const names = around.at(-1);
      if (name === '__proto__') return 'The name "__proto__" has a special meaning in JavaScript; use another.';
      if (names?.has(name) === true) return `The name ${JSON.stringify(cut(name, 80))} occurs twice in one object.`;
      names?.add(name);
    }
    last = token;
  }
  return undefined;
}
