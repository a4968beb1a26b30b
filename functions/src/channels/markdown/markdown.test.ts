import { describe, expect, test } from 'vitest';
import { toHtml, toSlack, toText } from './markdown.ts';

const rule = { allowedLinkHosts: ['app.shop.example', 'status.shop.example:8443'] };

/** Data that tries to be more than text. */
const ATTACKS: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="https://evil.example">click</a>',
  '<style>*{display:none}</style>',
  '<body onload=alert(1)>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<!--<script>-->alert(1)<!--</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><x/>',
  '<form action="https://evil.example"><input name=p></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<object data="data:text/html,x"></object>',
  '"><script>alert(1)</script>',
  '</td></tr></table><script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](/relative)',
  '[x](http://app.shop.example/)',
  '[x](https://evil.example/?d=secret)',
  '[x](https://app.shop.example@evil.example/)',
  '[x](https://user:pass@app.shop.example/)',
  '[x](https://app.shop.example.evil.example/)',
  '[x](https://evil.example#app.shop.example)',
  '[x](https://app.shop.example:444/)',
  '[x](https://аpp.shop.example/)',
  '[x](https://evil.example "onmouseover=alert(1)")',
  '[x][ref]\n\n[ref]: https://evil.example',
  '[**x**](https://evil.example)',
  '<https://evil.example>',
  '<mail@evil.example>',
  'https://evil.example',
  'www.evil.example',
  '![x](https://evil.example/pixel.png)',
  '![x](data:image/svg+xml;base64,PHN2Zz4=)',
  '![x][img]\n\n[img]: https://evil.example/p.png',
  '[![x](https://evil.example/p.png)](https://evil.example)',
  '![](https://evil.example/p.png)',
  '![<script>alert(1)</script>](x)',
  '`<script>alert(1)</script>`',
  '```"><script>alert(1)</script>\n<script>\n```',
  '```html onload=alert(1)\n<b>\n```',
  '    <script>alert(1)</script>',
  '> <script>alert(1)</script>',
  '- <img src=x onerror=alert(1)>',
  '| <script> |\n|---|\n| <img src=x onerror=alert(1)> |',
  '# <script>alert(1)</script>',
  '**<script>alert(1)</script>**',
  '\\<script>alert(1)\\</script>',
  '<a\u0000href="https://evil.example">',
  '\u202e<script>',
];

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"<>]*")*)\s*\/?>/gi;
const ALLOWED_TAGS = /^(p|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|code|pre|a|hr|br|strong|em|s)$/;

function problemsIn(html: string): readonly string[] {
  const problems: string[] = [];
  const rest = html.replaceAll(TAG, (_tag, _slash, name: string, attributes: string) => {
    if (!ALLOWED_TAGS.test(name)) problems.push(`the tag ${name}`);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/([a-z-]+)="([^"]*)"/gi)) {
      const link =
        attribute === 'href' && /^https:\/\/(app\.shop\.example|status\.shop\.example:8443)(\/|$)/.test(value);
      if (!link && !['style', 'rel', 'start'].includes(attribute)) problems.push(`${attribute}=${value}`);
      if (/url\(|expression|import/i.test(value)) problems.push(`${attribute}=${value}`);
    }
    return '';
  });
  return /[<>]/.test(rest) ? [...problems, `a bare bracket in ${rest}`] : problems;
}

describe('Markdown as HTML', () => {
  test.each(ATTACKS)('%j becomes only text', (attack) => {
    expect(problemsIn(toHtml(attack, rule))).toEqual([]);
  });

  test('a link to an allowed host stays a link; the port must match', () => {
    expect(toHtml('[orders](https://app.shop.example/orders?a=1&b=2)', rule)).toContain(
      'href="https://app.shop.example/orders?a=1&amp;b=2"',
    );
    expect(toHtml('[s](https://status.shop.example:8443/)', rule)).toContain('<a href=');
  });

  test('any other link is shown as its text and URL', () => {
    const html = toHtml('See [the **report**](https://evil.example/r) now.', rule);
    expect(html).toContain('>See the <strong>report</strong> (https://evil.example/r) now.<');
  });

  test('a link whose text is its URL is shown once', () => {
    expect(toHtml('[https://x.example](https://x.example)', rule)).toContain('>https://x.example<');
  });

  test('an image becomes its description', () => {
    expect(toHtml('![Revenue chart](https://x.example/c.png)', rule)).toContain('>Revenue chart<');
  });

  test('a table keeps the alignment of its columns', () => {
    const html = toHtml('| A | B |\n|---|--:|\n| x | 1 |', rule);
    expect(html).toMatch(/<td style="[^"]*text-align:right">1<\/td>/);
  });

  test('5,000 nested quotes do not exhaust the stack', () => {
    const deep = `${'>'.repeat(5000)} deep\n\nafter`;
    expect(toHtml(deep, rule)).toContain('>after<');
    expect(toText(deep)).toMatch(/after$/);
    expect(toSlack(deep, rule).at(-1)).toBe('after');
  });

  test('half a character becomes the replacement character', () => {
    expect(toHtml('a\ud800b', rule).isWellFormed()).toBe(true);
  });
});

const REPORT = [
  '# Daily report',
  'All **good**, _mostly_; ~~not~~ `x < 1`.\nSecond line with [link](https://app.shop.example/a|b) and [other](https://evil.example).',
  '- one\n- two\n  1. deep\n  2. deeper',
  '> quoted\n> twice',
  '| Name | Latency |\n|---|--:|\n| Gmail | 120 |\n| HubSpot & Co | 9 |',
  '```\ncode <b>\n```',
  '---',
].join('\n\n');

describe('Markdown as text', () => {
  test('reads as a person would type it', () => {
    expect(toText(REPORT)).toBe(
      [
        'Daily report\n============',
        'All good, mostly; not x < 1.\nSecond line with link (https://app.shop.example/a%7Cb) and other (https://evil.example).',
        '- one\n- two\n  1. deep\n  2. deeper',
        '> quoted\n> twice',
        'Name          Latency\n------------  -------\nGmail             120\nHubSpot & Co        9',
        'code <b>',
        '----------',
      ].join('\n\n'),
    );
  });
});

describe('Markdown as mrkdwn', () => {
  test("uses Slack's markup", () => {
    expect(toSlack(REPORT, rule)).toEqual([
      '*Daily report*',
      'All *good*, _mostly_; ~not~ `x &lt; 1`.\nSecond line with <https://app.shop.example/a%7Cb|link> and other (https://evil.example).',
      '• one\n• two\n  1. deep\n  2. deeper',
      '> quoted\n> twice',
      '```\nName          Latency\n------------  -------\nGmail             120\nHubSpot &amp; Co        9\n```',
      '```\ncode &lt;b&gt;\n```',
      '———',
    ]);
  });

  test.each([
    '<!channel>',
    '<!here>',
    '<@U123>',
    '<#C123>',
    '<!subteam^S1>',
    '<https://evil.example|click>',
    '`<!channel>`',
    '```\n<!channel>\n```',
  ])('%j mentions nobody and links nowhere', (attack) => {
    expect(toSlack(attack, rule).join('')).not.toMatch(/<[!@#h]/);
  });

  test('code cannot end its fence', () => {
    expect(toSlack('````\na\n```\n<!channel>\n````', rule)).toEqual(["```\na\n'''\n&lt;!channel&gt;\n```"]);
  });
});

describe('Markdown designed to be slow', () => {
  const body = (part: string): string => part.repeat(Math.floor(200_000 / part.length));

  test.each([
    ['a wide cell above many rows', `|${'w'.repeat(100_000)}|\n|--:|\n${'|x|\n'.repeat(20_000)}`],
    ['nested marks', `${'*'.repeat(90_000)}a${'*'.repeat(90_000)}`],
    ['open brackets', body('[')],
    ['images in images', `${'!['.repeat(40_000)}${']('.repeat(40_000)}`],
    ['nested quotations', body('>')],
    ['lists in lists', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}- a`).join('\n')],
    ['backticks', body('`a')],
  ])('%s: takes little time and space', (_, markdown) => {
    const startedAt = process.threadCpuUsage();
    const written = [toHtml(markdown, rule), toText(markdown), toSlack(markdown, rule).join('')];

    expect(Math.max(...written.map((text) => text.length))).toBeLessThan(10_000_000);
    expect(process.threadCpuUsage(startedAt).user / 1_000).toBeLessThan(5_000);
  });

  test('keeps the text inside too many marks', () => {
    expect(toText(`${'**'.repeat(50)}deep${'**'.repeat(50)}`)).toBe('deep');
  });
});
