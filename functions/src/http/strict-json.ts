import type { Json } from '../engine/json.ts';
import { JsonValue } from '../engine/json.ts';

/** Parsed JSON, or why a text is none that may be trusted, as a sentence. */
export type StrictJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

const MAX_DEPTH = 8;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Reads JSON in which nothing is ambiguous: where a name stands twice in one object, one reader sees the first and another
 * the last. Nests at most 8 deep. Never throws.
 */
export function readStrictJson(text: string): StrictJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'It is not JSON.' };
  }
  const problem = structureProblem(text);
  // Depth first: what reads the value goes down as deep as it nests.
  return problem === undefined ? { ok: true, value: JsonValue.parse(value) } : { ok: false, problem };
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
      if (names?.has(name) === true) return `The name ${JSON.stringify(name.slice(0, 80))} stands twice in one object.`;
      names?.add(name);
    }
    last = token;
  }
  return undefined;
}
