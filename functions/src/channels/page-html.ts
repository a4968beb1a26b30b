import type { Token } from 'markdown-it';
import { parser, safeTokens } from './markdown-tree.ts';

/** A text stands below the two levels of headings of the page around it, and begins there whatever its own highest is. */
const FIRST_LEVEL = 3;
const DEEPEST_LEVEL = 6;

/**
 * HTML for a page that has a style sheet of its own and allows no style in an element: no raw HTML, no images, no links at
 * all, headings from the third level on without a gap above, the alignment of columns as a class (`align-right`).
 */
export function toPageHtml(markdown: string): string {
  const tokens = safeTokens(markdown, { allowedLinkHosts: [] });
  const levels = tokens.flatMap(({ type, tag }) => (type === 'heading_open' ? Number(tag.slice(1)) : []));
  const shift = FIRST_LEVEL - Math.min(DEEPEST_LEVEL, ...levels);
  for (const token of tokens) adapt(token, shift);
  return parser.renderer.render(tokens, parser.options, {});
}

function adapt(token: Token, shift: number): void {
  if (/^h[1-6]$/.test(token.tag)) {
    token.tag = `h${Math.min(DEEPEST_LEVEL, Number(token.tag.slice(1)) + shift)}`;
  }
  if (token.type === 'fence') token.info = '';
  const aligned = /^text-align:(left|right|center)$/.exec(String(token.attrGet('style') ?? ''));
  token.attrs =
    aligned === null ? withoutStyle(token) : [...withoutStyle(token), ['class', `align-${aligned[1] ?? 'left'}`]];
}

function withoutStyle({ attrs }: Token): [string, string][] {
  return (attrs ?? []).filter(([name]) => name !== 'style').map(([name, value]) => [name, String(value)]);
}
