import { cut } from '#core/cut.ts';
import { visible } from '#core/source-excerpt.ts';

/** How much of a written text a message quotes. */
const QUOTED_CHARS = 60;

/** A path into a definition: `['steps', 1, 'type']`. */
export type DefinitionPath = readonly (string | number)[];

/** What is wrong, as a sentence, and what would be right. */
export interface ProblemWords {
  readonly message: string;
  readonly suggestion?: string;
}

/** A problem that may be only a warning. */
export interface WeighedProblem extends ProblemWords {
  /** A definition with warnings can still be used. */
  readonly severity?: 'warning';
}

/** A problem in a definition, and what to write instead. Message and suggestion are full sentences. */
export interface LintProblem extends WeighedProblem {
  readonly path: DefinitionPath;
  /** Whether the problem is the key at the end of the path, or its value (the default). */
  readonly at?: 'key' | 'value';
  /** The message shows an excerpt of an expression on separate lines; every other message is one line. */
  readonly isExcerpted?: true;
}

/** A path in the usual notation: `steps[1].with.url`. */
export function pathText(path: DefinitionPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

/** The value at a path, or `undefined` if it has none. Reads own keys only. */
export function valueAt(value: unknown, path: DefinitionPath): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = new Map<string, unknown>(Object.entries(current)).get(String(part));
  }
  return current;
}

/** A text as quoted in messages: in quotation marks, with hidden characters spelled out, and cut if long. */
export function quoted(text: string): string {
  return `'${visible(cut(text, QUOTED_CHARS))}'`;
}
