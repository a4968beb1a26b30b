import type { Token } from 'markdown-it';
import { parser, safeTokens } from './markdown-tree.ts';

/** A text stands below the two levels of headings of the page around it. */
const LEVELS_ABOVE = 2;
const DEEPEST_LEVEL = 6;

/**
 * HTML for a page that has a style sheet of its own and allows no style in an element: no raw HTML, no images, no links at
 * all, headings from the third level on and none that skips a level, the alignment of columns as a class (`align-right`).
 */
export function toPageHtml(markdown: string): string {
  const tokens = safeTokens(markdown, { allowedLinkHosts: [] });
  for (const token of tokens) adapt(token);
  levelHeadings(tokens);
  return parser.renderer.render(tokens, parser.options, {});
}

/** Moves the headings below those of the page: the highest of the text comes next, and each is at most one deeper than the one before. */
function levelHeadings(tokens: readonly Token[]): void {
  const headings = tokens.filter(({ tag }) => /^h[1-6]$/.test(tag));
  const shift = LEVELS_ABOVE + 1 - Math.min(DEEPEST_LEVEL, ...headings.map(levelOf));
  let before = LEVELS_ABOVE;
  for (const heading of headings) {
    // An end has the level that its beginning was given.
    if (heading.nesting === 1) before = Math.min(DEEPEST_LEVEL, levelOf(heading) + shift, before + 1);
    heading.tag = `h${before}`;
  }
}

function levelOf({ tag }: Token): number {
  return Number(tag.slice(1));
}

function adapt(token: Token): void {
  if (token.type === 'fence') token.info = '';
  const aligned = /^text-align:(left|right|center)$/.exec(String(token.attrGet('style') ?? ''));
  token.attrs =
    aligned === null ? withoutStyle(token) : [...withoutStyle(token), ['class', `align-${aligned[1] ?? 'left'}`]];
  // A wide table is scrolled, by keyboard too.
  if (token.type === 'table_open') token.attrSet('tabindex', '0');
}

function withoutStyle({ attrs }: Token): [string, string][] {
  return (attrs ?? []).filter(([name]) => name !== 'style').map(([name, value]) => [name, String(value)]);
}
