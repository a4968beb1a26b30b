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
  return blanked(text, [...comments, ...textsIn(program)]);
}

/** The positions of texts and of the fixed parts of templates, anywhere below a node of the syntax tree. */
function textsIn(node: unknown): readonly Span[] {
  if (typeof node !== 'object' || node === null) return [];
  return isText(node) ? [node] : Object.values(node).flatMap(textsIn);
}

function isText(node: object): node is Span {
  if (!('type' in node)) return false;
  if (node.type === 'TemplateElement' || node.type === 'JSXText') return true;
  return node.type === 'Literal' && 'value' in node && typeof node.value === 'string';
}

/** A text with blanks in place of these parts; lines stay where they are. */
export function blanked(text: string, parts: readonly Span[]): string {
  return parts.reduce(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(start, end).replaceAll(/[^\n]/g, ' ') + rest.slice(end),
    text,
  );
}
