/** A mail that a page may show whose policy allows no style in its HTML, and the style sheet that it needs. */
export interface MailPage {
  readonly html: string;
  readonly css: string;
}

const TAG = /<([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*)( ?\/?)>/g;
const ATTRIBUTE = / ([a-z-]+)(?:="([^"]*)")?/g;

/**
 * The HTML of one of our mails with every style moved out of it: each distinct `style` attribute becomes a class, and the
 * style sheet at `cssHref` says what it means. Nothing else is changed. Only for HTML of our own making, in which every text
 * is escaped, so that each `<` begins a tag.
 */
export function mailPage(mail: string, cssHref: string): MailPage {
  const sheets: string[] = [];
  const classes = new Map<string, string>();
  const bare = mail.replace(/<style>([\s\S]*?)<\/style>/, (_, sheet: string) => {
    sheets.push(sheet);
    return `<link rel="stylesheet" href="${cssHref}">`;
  });
  const html = bare.replaceAll(TAG, (tag, name: string, attributes: string, end: string) => {
    if (!attributes.includes(' style="')) return tag;
    return `<${name}${withoutStyle(attributes, classes)}${end}>`;
  });
  const rules = [...classes].map(([style, name]) => `.${name}{${style}}`);
  return { html, css: [...rules, ...sheets].join('\n') };
}

/** The attributes of an element with a class in place of its style. */
function withoutStyle(attributes: string, classes: Map<string, string>): string {
  const names: string[] = [];
  let rest = '';
  for (const [written, name, value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (name === 'class') names.push(value);
    else if (name === 'style') names.push(classOf(unescaped(value), classes));
    else rest += written;
  }
  return `${rest} class="${names.join(' ')}"`;
}

function classOf(style: string, classes: Map<string, string>): string {
  const name = classes.get(style) ?? `m${classes.size + 1}`;
  classes.set(style, name);
  return name;
}

function unescaped(attribute: string): string {
  return attribute
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
