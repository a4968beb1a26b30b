import MarkdownIt, { type Token } from 'markdown-it';

/** Raw HTML, images and bare URLs have no meaning here: all of them are text. */
export const parser = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: true }).disable(
  'autolink',
);

/** Deeper nested marks are dropped, their text is kept: otherwise a million asterisks could nest a million levels deep. */
const MAX_DEPTH = 20;

/** The links that are kept. */
export interface LinkRule {
  /** Hosts whose https links stay links; all others become their text and URL. */
  readonly allowedLinkHosts: readonly string[];
}

/** An element of a text with its content. */
export interface MarkdownNode {
  readonly token: Token;
  readonly children: readonly MarkdownNode[];
}

/** Markdown as tokens without images, and only with links to allowed hosts. */
export function safeTokens(markdown: string, rule: LinkRule): Token[] {
  const tokens = parser.parse(markdown.toWellFormed(), {});
  const hosts = new Set(rule.allowedLinkHosts.map((host) => host.toLowerCase()));
  for (const token of tokens) {
    if (token.children !== null) token.children = safeInline(shallow(token.children), hosts);
  }
  return tokens;
}

/** The same tokens as a tree. */
export function safeTree(markdown: string, rule: LinkRule): readonly MarkdownNode[] {
  return nested(safeTokens(markdown, rule), 0).nodes;
}

/** Nests the tokens between opening and closing ones. */
export function nested(tokens: readonly Token[], from: number): { nodes: readonly MarkdownNode[]; next: number } {
  const nodes: MarkdownNode[] = [];
  let at = from;
  for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
    at += 1;
    if (token.nesting === -1) return { nodes, next: at };
    if (token.nesting === 1) {
      const inside = nested(tokens, at);
      nodes.push({ token, children: inside.nodes });
      at = inside.next;
    } else {
      nodes.push({ token, children: token.children === null ? [] : nested(token.children, 0).nodes });
    }
  }
  return { nodes, next: at };
}

function shallow(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  return tokens.filter(({ nesting }) => {
    if (nesting === 1) depth += 1;
    const isKept = nesting === 0 || depth <= MAX_DEPTH;
    if (nesting === -1) depth -= 1;
    return isKept;
  });
}

function safeInline(tokens: readonly Token[], hosts: ReadonlySet<string>): Token[] {
  const safe: Token[] = [];
  const open: { readonly href: string; readonly allowed: boolean; readonly from: number }[] = [];
  for (const token of tokens) {
    if (token.type === 'image') {
      safe.push(asText(token, token.content === '' ? 'image' : token.content));
    } else if (token.type === 'link_open') {
      const href = String(token.attrGet('href') ?? '');
      const allowed = isAllowed(href, hosts);
      open.push({ href, allowed, from: safe.length });
      if (allowed) safe.push(token);
    } else if (token.type === 'link_close') {
      const link = open.pop();
      if (link?.allowed === true) safe.push(token);
      else if (link !== undefined) {
        const shown = safe
          .slice(link.from)
          .map(({ content }) => content)
          .join('');
        if (shown !== link.href) safe.push(asText(token, ` (${link.href})`));
      }
    } else {
      safe.push(token);
    }
  }
  return safe;
}

function asText(token: Token, content: string): Token {
  return Object.assign(token, { type: 'text', tag: '', nesting: 0, content, children: null, attrs: null });
}

function isAllowed(href: string, hosts: ReadonlySet<string>): boolean {
  const url = URL.parse(href);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return hosts.has(url.host);
}
