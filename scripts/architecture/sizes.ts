import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { blanked } from './product-code.ts';

/** How long something is, without blank lines and comments, as the linter counts. */
export interface Size {
  /** A file, or a file and the line where a function begins. */
  readonly place: string;
  readonly lines: number;
}

/** The sizes of the files, and of every function in them that takes more than one line. */
export function sizesOf(root: string, files: readonly string[]) {
  const read = files.map((file) => sizesIn(file, readFileSync(join(root, file), 'utf8')));
  return { files: read.map(({ file }) => file), functions: read.flatMap(({ functions }) => functions) };
}

/** The value that `share` of the sizes do not exceed: 0.5 is the median. */
export function quantile(sizes: readonly Size[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function sizesIn(path: string, text: string): { readonly file: Size; readonly functions: readonly Size[] } {
  const { program, comments } = parseSync(path, text);
  const code = blanked(text, comments);
  const codeLines = (start: number, end: number): number =>
    code
      .slice(start, end)
      .split('\n')
      .filter((line) => line.trim() !== '').length;
  const functions = functionsIn(program).map(({ start, end }) => ({
    place: `${path}:${text.slice(0, start).split('\n').length}`,
    lines: codeLines(start, end),
  }));
  return {
    file: { place: path, lines: codeLines(0, text.length) },
    functions: functions.filter(({ lines }) => lines > 1),
  };
}

interface FunctionNode {
  readonly start: number;
  readonly end: number;
}

function functionsIn(node: unknown): readonly FunctionNode[] {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.values(node).flatMap(functionsIn);
  return isFunction(node) ? [node, ...inside] : inside;
}

function isFunction(node: object): node is FunctionNode {
  if (!('type' in node) || !('body' in node) || node.body === null) return false;
  return ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].some((type) => type === node.type);
}
