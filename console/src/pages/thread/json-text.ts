import { PlaybookError } from '#core/failure.ts';
import { type Json, JsonValue } from '#core/json.ts';

/** Nothing that people write is nested deeper, and what is could not be compared or stored. */
const MAX_LEVELS = 50;

/** JSON that a person wrote. Throws `input_invalid` that says what is wrong with it and where. */
export function parseJsonText(text: string): Json {
  const value = parsed(text);
  // Depth first: what reads the value goes down as deep as it nests.
  if (levelsOf(text) <= MAX_LEVELS) return JsonValue.parse(value);
  throw new PlaybookError('input_invalid', `The data is nested deeper than ${MAX_LEVELS} levels; make it flatter.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const why = thrown instanceof SyntaxError ? thrown.message : 'it cannot be read';
    throw new PlaybookError('input_invalid', `The data is not JSON: ${why}.`, { cause: thrown });
  }
}

/**
 * How deep the brackets go at most, without those inside of texts. Of a text that is JSON, so that quotation marks come in
 * pairs: else looking for the end of each could take minutes.
 */
function levelsOf(text: string): number {
  let [level, deepest] = [0, 0];
  for (const [bracket] of text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    level += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, level);
  }
  return deepest;
}
