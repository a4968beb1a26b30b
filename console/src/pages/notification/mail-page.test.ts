import { describe, expect, test } from 'vitest';
import { toHtml } from '#channels/markdown/markdown.ts';
import { mailHtml } from '#channels/email/mail-layout.ts';
import { mailPage } from './mail-page.ts';

function mail(body: string): string {
  return mailHtml({
    subject: 'style="color:red" <b>',
    priority: 'high',
    bodyHtml: toHtml(body, { allowedLinkHosts: ['example.com'] }),
    origin: { playbookName: '" style="x', executionId: 'e1' },
  });
}

const BODY =
  '# Head\n\n|a|b|\n|:-|-:|\n|1|2|\n\n`code` style="color:red" <p style="x">\n\n[link](https://example.com/?a="b">)';

describe('a mail as a page', () => {
  test('has no style in its HTML, but a style sheet and classes', () => {
    const { html } = mailPage(mail(BODY), 'mail.css');
    expect(html).not.toMatch(/<[^>]* style=|<style/);
    expect(html).toContain('<link rel="stylesheet" href="mail.css">');
  });

  test('keeps every style: put back in, they give the mail as it was', () => {
    const original = mail(BODY);
    const { html, css } = mailPage(original, 'mail.css');
    const rules = new Map([...css.matchAll(/^\.(m\d+)\{(.*)\}$/gm)].map(([, name, style]) => [name, style]));
    const restored = html.replaceAll(/ class="([^"]*)"/g, (_, names: string) => {
      const own = names.split(' ').filter((name) => !rules.has(name));
      const style = names
        .split(' ')
        .map((name) => rules.get(name))
        .find((rule) => rule !== undefined);
      const quoted = style === undefined ? '' : ` style="${style.replaceAll('"', '&quot;')}"`;
      return `${own.length === 0 ? '' : ` class="${own.join(' ')}"`}${quoted}`;
    });
    const attributesInOrder = (text: string): string =>
      text.replaceAll(/<[a-z][^>]*>/g, (tag) => (tag.match(/[a-z-]+="[^"]*"|<[a-z0-9]+/g) ?? []).toSorted().join(' '));
    const withoutSheet = (text: string): string =>
      text.replace(/<style>[\s\S]*?<\/style>|<link rel="stylesheet"[^>]*>/, '');
    expect(attributesInOrder(withoutSheet(restored))).toBe(attributesInOrder(withoutSheet(original)));
  });

  test('gives one class to one style, and keeps the class that an element has', () => {
    const { html, css } = mailPage(mail('a\n\nb\n\nc'), 'mail.css');
    expect(new Set([...html.matchAll(/<p class="(m\d+)">/g)].map(([, name]) => name)).size).toBe(1);
    expect(html).toMatch(/<body class="page m\d+">/);
    expect(css).toContain('font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",');
    expect(css).toContain('@media (prefers-color-scheme:dark)');
  });

  test('leaves what people wrote as it is, also where it looks like a style', () => {
    const { html } = mailPage(mail(BODY), 'mail.css');
    expect(html).toContain('style=&quot;color:red&quot; &lt;p style=&quot;x&quot;&gt;');
    expect(html).toContain('<title>style=&quot;color:red&quot; &lt;b&gt;</title>');
  });
});
