import type { Token } from 'markdown-it';
import { parser, safeTokens } from './markdown-tree.ts';

/** The page around the text uses two heading levels. */
const LEVELS_ABOVE = 2;
const DEEPEST_LEVEL = 6;

/**
 * HTML for a page that has its own style sheet and allows no inline styles: no raw HTML, no images, no links, headings from the
 * third level without skipped levels, the alignment of columns as a class (`align-right`).
 */
export function toPageHtml(markdown: string): string {
  const tokens = safeTokens(markdown, { allowedLinkHosts: [] });
  for (const token of tokens) adapt(token);
  levelHeadings(tokens);
  return parser.renderer.render(tokens, parser.options, {});
}

/** Moves the headings below those of the page: the highest becomes the next level, and each is at most one level deeper than the previous. */
function levelHeadings(tokens: readonly Token[]): void {
  const headings = tokens.filter(({ tag }) => /^h[1-6]$/.test(tag));
  const shift = LEVELS_ABOVE + 1 - Math.min(DEEPEST_LEVEL, ...headings.map(levelOf));
  let before = LEVELS_ABOVE;
  for (const heading of headings) {
    // A closing tag has the level of its opening tag.
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
  // A wide table can be scrolled, also by keyboard.
  if (token.type === 'table_open') token.attrSet('tabindex', '0');
}

function withoutStyle({ attrs }: Token): [string, string][] {
  return (attrs ?? []).filter(([name]) => name !== 'style').map(([name, value]) => [name, String(value)]);
}
