import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import { JsonValue } from '#core/json.ts';

/** Parsed JSON, or why a text is none that may be trusted, as a sentence. */
export type StrictJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

const MAX_DEPTH = 8;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Reads JSON in which nothing is ambiguous or lost on the way: where a name stands twice in one object, one reader sees the
 * first and another the last; `__proto__` is a field to some and none to others; a number beyond all numbers is none. Nests
 * at most 8 deep. Never throws.
 */
export function readStrictJson(text: string): StrictJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'It is not JSON.' };
  }
  const problem = structureProblem(text);
  if (problem !== undefined) return { ok: false, problem };
  // Only now: what reads the value goes down as deep as it nests.
  const read = JsonValue.safeParse(value);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, problem: 'A number in it is larger than 1.8e308, the largest there is.' };
}

/** Of a text that is JSON, so that quotation marks and brackets come in pairs. */
function structureProblem(text: string): string | undefined {
  /** The names so far of each object around; undefined for a list. */
  const around: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') around.push(token === '{' ? new Set() : undefined);
    if (token === '}' || token === ']') around.pop();
    if (around.length > MAX_DEPTH) return `It nests more than ${MAX_DEPTH} deep.`;
    if (token === ':') {
      const name = String(JSON.parse(last));
      const names = around.at(-1);
      if (name === '__proto__') return 'The name "__proto__" means something else to JavaScript; take another.';
      if (names?.has(name) === true) return `The name ${JSON.stringify(cut(name, 80))} stands twice in one object.`;
      names?.add(name);
    }
    last = token;
  }
  return undefined;
}
