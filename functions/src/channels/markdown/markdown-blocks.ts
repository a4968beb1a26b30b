import type { MarkdownNode } from './markdown-tree.ts';

/** How a plain format writes the parts of a text. */
export interface TextStyle {
  text(content: string): string;
  strong(content: string): string;
  emphasis(content: string): string;
  strike(content: string): string;
  code(content: string): string;
  link(content: string, href: string): string;
  heading(content: string, level: number): string;
  codeBlock(content: string): string;
  readonly bullet: string;
  readonly quote: string;
  readonly rule: string;
}

/** The blocks of a text (paragraphs, headings, complete lists, tables) in order, each without a final line break. */
export function blocksOf(nodes: readonly MarkdownNode[], style: TextStyle): readonly string[] {
  return nodes.map((node) => block(node, style)).filter((text) => text !== '');
}

function block({ token, children }: MarkdownNode, style: TextStyle): string {
  switch (token.type) {
    case 'inline':
    case 'paragraph_open':
      return inline(children, style);
    case 'heading_open':
      return style.heading(inline(children, style), Number(token.tag.slice(1)));
    case 'bullet_list_open':
      return list(children, style, () => style.bullet);
    case 'ordered_list_open': {
      const first = Number(token.attrGet('start') ?? 1);
      return list(children, style, (index) => `${first + index}.`);
    }
    case 'blockquote_open':
      return indented(blocksOf(children, style).join('\n\n'), style.quote, style.quote);
    case 'fence':
    case 'code_block':
      return style.codeBlock(token.content.replace(/\n$/, ''));
    case 'hr':
      return style.rule;
    case 'table_open':
      return style.codeBlock(table(children));
    default:
      return children.length > 0 ? blocksOf(children, style).join('\n\n') : style.text(token.content);
  }
}

function list(items: readonly MarkdownNode[], style: TextStyle, mark: (index: number) => string): string {
  const lines = items.map(({ children }, index) => {
    const first = `${mark(index)} `;
    return indented(blocksOf(children, style).join('\n'), first, ' '.repeat(first.length));
  });
  return lines.join('\n');
}

function indented(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, index) => `${index === 0 ? first : rest}${line}`)
    .join('\n');
}

function inline(nodes: readonly MarkdownNode[], style: TextStyle): string {
  return nodes.map((node) => piece(node, style)).join('');
}

function piece({ token, children }: MarkdownNode, style: TextStyle): string {
  switch (token.type) {
    case 'text':
      return style.text(token.content);
    case 'softbreak':
    case 'hardbreak':
      return '\n';
    case 'code_inline':
      return style.code(token.content);
    case 'strong_open':
      return style.strong(inline(children, style));
    case 'em_open':
      return style.emphasis(inline(children, style));
    case 's_open':
      return style.strike(inline(children, style));
    case 'link_open':
      return style.link(inline(children, style), String(token.attrGet('href') ?? ''));
    default:
      return children.length > 0 ? inline(children, style) : style.text(token.content);
  }
}

/** A wider cell exceeds its column: padding every row to its width could take gigabytes. */
const WIDEST_COLUMN = 60;

/** A table with aligned columns, right-aligned where the author says so. Unstyled, for a fixed-width font. */
function table(sections: readonly MarkdownNode[]): string {
  const rows = sections.flatMap(({ children }) => children).map(({ children }) => children.map(cellOf));
  // Not `Math.max(...)`: its arguments are on the stack, and a table can have 100,000 rows.
  const columns = rows.reduce((most, cells) => Math.max(most, cells.length), 0);
  const widths = Array.from({ length: columns }, (_, column) =>
    rows.reduce((widest, cells) => Math.max(widest, widthOf(cells[column]?.text)), 0),
  );
  const lines = rows.map((cells) =>
    cells
      .map(({ text, right }, column) => padded(text, widths[column] ?? 0, right))
      .join('  ')
      .trimEnd(),
  );
  const under = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0] ?? '', under, ...lines.slice(1)].join('\n');
}

function widthOf(text = ''): number {
  return Math.min(WIDEST_COLUMN, Array.from(text).length);
}

function cellOf({ token, children }: MarkdownNode): { readonly text: string; readonly right: boolean } {
  const text = children.map(({ children: pieces }) => inline(pieces, BARE)).join('');
  return { text: text.replaceAll('\n', ' '), right: String(token.attrGet('style') ?? '').includes('right') };
}

function padded(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - Array.from(text).length));
  return right ? space + text : text + space;
}

const same = (content: string): string => content;

/** No markup at all. */
const BARE: TextStyle = {
  text: same,
  strong: same,
  emphasis: same,
  strike: same,
  code: same,
  link: (content, href) => (content === href ? content : `${content} (${href})`),
  heading: same,
  codeBlock: same,
  bullet: '-',
  quote: '> ',
  rule: '----------',
};

/** For plain-text mails. */
export const PLAIN: TextStyle = {
  ...BARE,
  heading: (content, level) =>
    level <= 2 ? `${content}\n${(level === 1 ? '=' : '-').repeat(Math.min(Array.from(content).length, 70))}` : content,
};
