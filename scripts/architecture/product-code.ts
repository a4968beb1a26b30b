import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The code of a file: comments and texts are replaced by blanks; line numbers stay the same. */
export function codeOf(root: string, file: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const { comments, program } = parseSync(file, text);
  return [...comments, ...textsIn(program)].reduce(blanked, text);
}

/** The positions of texts and of the fixed parts of templates, anywhere below a node of the syntax tree. */
export function textsIn(node: unknown): readonly Span[] {
  if (typeof node !== 'object' || node === null) return [];
  return isText(node) ? [node] : Object.values(node).flatMap(textsIn);
}

function isText(node: object): node is Span {
  if (!('type' in node)) return false;
  if (node.type === 'TemplateElement' || node.type === 'JSXText') return true;
  return node.type === 'Literal' && 'value' in node && typeof node.value === 'string';
}

function blanked(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end);
}
