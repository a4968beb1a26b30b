import type { Token } from 'markdown-it';
import { parser, safeTokens } from './markdown-tree.ts';

/** Headings of a text stand below the two levels of the page around it. */
const LEVELS_ABOVE = 2;
const DEEPEST_LEVEL = 6;

/**
 * HTML for a page that has a style sheet of its own and allows no style in an element: no raw HTML, no images, no links at
 * all, headings from the third level on, the alignment of columns as a class (`align-right`).
 */
export function toPageHtml(markdown: string): string {
  const tokens = safeTokens(markdown, { allowedLinkHosts: [] });
  for (const token of tokens) adapt(token);
  return parser.renderer.render(tokens, parser.options, {});
}

function adapt(token: Token): void {
  if (/^h[1-6]$/.test(token.tag)) {
    token.tag = `h${Math.min(DEEPEST_LEVEL, Number(token.tag.slice(1)) + LEVELS_ABOVE)}`;
  }
  if (token.type === 'fence') token.info = '';
  const aligned = /^text-align:(left|right|center)$/.exec(String(token.attrGet('style') ?? ''));
  token.attrs =
    aligned === null ? withoutStyle(token) : [...withoutStyle(token), ['class', `align-${aligned[1] ?? 'left'}`]];
}

function withoutStyle({ attrs }: Token): [string, string][] {
  return (attrs ?? []).filter(([name]) => name !== 'style').map(([name, value]) => [name, String(value)]);
}
