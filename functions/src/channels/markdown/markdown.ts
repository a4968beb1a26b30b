import type { Token } from 'markdown-it';
import { PLAIN, blocksOf, type TextStyle } from './markdown-blocks.ts';
import { parser, safeTokens, safeTree, type LinkRule } from './markdown-tree.ts';

const LINE = '1px solid rgba(128,128,128,0.35)';
const FIXED = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px';
const SHADE = 'background-color:rgba(128,128,128,0.14);border-radius:4px';

/** Mail programs drop style sheets, so styles are inline; colours work on light and dark backgrounds. */
const STYLES: Readonly<Record<string, string>> = {
  p: 'margin:0 0 14px',
  h1: 'margin:24px 0 10px;font-size:21px;line-height:1.3',
  h2: 'margin:24px 0 10px;font-size:18px;line-height:1.3',
  h3: 'margin:20px 0 8px;font-size:16px;line-height:1.3',
  h4: 'margin:20px 0 8px;font-size:15px;line-height:1.3',
  h5: 'margin:20px 0 8px;font-size:15px;line-height:1.3',
  h6: 'margin:20px 0 8px;font-size:15px;line-height:1.3',
  ul: 'margin:0 0 14px;padding-left:22px',
  ol: 'margin:0 0 14px;padding-left:22px',
  li: 'margin:0 0 4px',
  blockquote: `margin:0 0 14px;padding:2px 0 2px 14px;border-left:3px solid rgba(128,128,128,0.45)`,
  // As a block, a table that is too wide is scrolled on a phone, and its words stay whole.
  table:
    'display:block;overflow-x:auto;overflow-wrap:break-word;margin:0 0 16px;border-collapse:collapse;font-size:14px',
  th: `padding:6px 14px 6px 0;border-bottom:${LINE};text-align:left`,
  td: `padding:6px 14px 6px 0;border-bottom:${LINE};vertical-align:top`,
  code: `padding:1px 4px;${SHADE};${FIXED}`,
  a: 'color:#2f6fde;text-decoration:underline',
  hr: `border:0;border-top:${LINE};margin:22px 0`,
};

/**
 * HTML for a mail: no raw HTML, no images, links only to the allowed hosts over https (others as text followed by the URL),
 * all styles inline.
 */
export function toHtml(markdown: string, rule: LinkRule): string {
  const tokens = safeTokens(markdown, rule);
  for (const token of tokens) {
    style(token);
    for (const child of token.children ?? []) style(child);
  }
  return parser.renderer.render(tokens, parser.options, {});
}

/** Text as a person would type it, for plain-text mails. */
export function toText(markdown: string): string {
  return blocksOf(safeTree(markdown, { allowedLinkHosts: [] }), PLAIN).join('\n\n');
}

/** Slack's mrkdwn in blocks of text. Data cannot mention people or channels, or hide a link. */
export function toSlack(markdown: string, rule: LinkRule): readonly string[] {
  return blocksOf(safeTree(markdown, rule), MRKDWN);
}

function style(token: Token): void {
  if (token.type === 'fence' || token.type === 'code_block') {
    token.attrSet('style', `display:block;margin:0 0 14px;padding:10px 12px;white-space:pre-wrap;${SHADE};${FIXED}`);
    token.info = '';
    return;
  }
  const own = token.nesting === -1 ? undefined : STYLES[token.tag];
  if (own === undefined) return;
  // The alignment of a column comes last, so it takes precedence.
  const given = token.attrGet('style');
  token.attrSet('style', given === null ? own : `${own};${given}`);
  if (token.tag === 'a') token.attrSet('rel', 'noopener noreferrer');
}

/** Escapes the three characters that are special in Slack; `<!channel>` is then only text. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const fenced = (content: string): string => `\`\`\`\n${escapeSlack(content).replaceAll('```', "'''")}\n\`\`\``;

const MRKDWN: TextStyle = {
  text: escapeSlack,
  strong: (content) => `*${content}*`,
  emphasis: (content) => `_${content}_`,
  strike: (content) => `~${content}~`,
  code: (content) => `\`${escapeSlack(content).replaceAll('`', "'")}\``,
  link: (content, href) => `<${escapeSlack(href).replaceAll('|', '%7C')}|${content.replaceAll('|', '/')}>`,
  // A heading that contains bold text would otherwise be bold twice, which Slack shows as asterisks.
  heading: (content) => `*${content.replaceAll('*', '')}*`,
  codeBlock: fenced,
  bullet: '•',
  quote: '> ',
  rule: '———',
};
