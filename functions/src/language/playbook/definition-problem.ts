import { cut } from '#core/cut.ts';
import { visible } from '#core/source-excerpt.ts';

/** The most that a message repeats of what somebody wrote. */
const QUOTED_CHARS = 60;

/** A way into a definition: `['steps', 1, 'type']`. */
export type DefinitionPath = readonly (string | number)[];

/** What is wrong, in a sentence, and what would be right. */
export interface ProblemWords {
  readonly message: string;
  readonly suggestion?: string;
}

/** A problem that may be one of style only. */
export interface WeighedProblem extends ProblemWords {
  /** A warning keeps nothing from being used. */
  readonly severity?: 'warning';
}

/** Something that is wrong with a definition, and what to write instead. Message and suggestion are full sentences. */
export interface LintProblem extends WeighedProblem {
  readonly path: DefinitionPath;
  /** Whether the key at the end of the path is meant, or its value (the default). */
  readonly at?: 'key' | 'value';
  /** The message shows a place in an expression on lines of its own; every other message is one line. */
  readonly isExcerpted?: true;
}

/** A path as people write it: `steps[1].with.url`. */
export function pathText(path: DefinitionPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

/** The value at a path, or `undefined` where there is none. Looks at own keys only. */
export function valueAt(value: unknown, path: DefinitionPath): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = new Map<string, unknown>(Object.entries(current)).get(String(part));
  }
  return current;
}

/** A text as messages quote it: in quotation marks, its hidden characters written out, cut where it is long. */
export function quoted(text: string): string {
  return `'${visible(cut(text, QUOTED_CHARS))}'`;
}
