import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostilePaths } from './testing/hostile-paths.ts';
import { HOSTILE_ID, HOSTILE_SETS, storeHostileRecords } from './testing/hostile-records.ts';
import { openTestConsole, type TestConsole } from './testing/test-console.ts';

/** Where nearly every character of what is shown had to be escaped. */
const MOST_CHARS = 900_000;
/** What a browser would do something about: run, load, frame, style, or send elsewhere. */
const OWN_TAGS = [
  '<link rel="icon"',
  '<link rel="stylesheet"',
  '<link rel="expect" href="#announcements"',
  '<script type="module" src="/assets/client.js',
];
const DANGEROUS_TAGS =
  /^<(script|style|link|img|image|iframe|frame|object|embed|base|audio|video|source|portal|template|foreignobject|animate|set|use|b|i)\b/i;
const MARKS = /^<svg\/|\son\w+\s*=|\sstyle\s*=|\ssrcdoc\s*=/i;
const FOREIGN_ADDRESS = /\s(?:href|src|action|formaction|xlink:href)="(?!\/(?!\/)|#|\?|"|mailto:)[^"]*"/i;
const HIDING = /.{0,60}[\u202A-\u202E\u2066-\u2069\u200B\u00AD\uFEFF\u{E0000}-\u{E007F}]/u;

for (const [kind, texts] of Object.entries(HOSTILE_SETS)) {
  describe(`Hostile data, ${kind}`, () => {
    let opened: TestConsole;
    beforeAll(async () => {
      opened = await openTestConsole();
      await storeHostileRecords(opened.documents, texts);
    });
    afterAll(() => opened.close());

    test.each(hostilePaths().map((path) => [readable(path), path]))('is inert and legible on %s', async (_, path) => {
      const response = await opened.get(path);
      expect(response.status).toBe(200);
      const html = await response.text();
      expect(dangerousIn(html)).toEqual([]);
      // A mail is framed, and shown whole as its reader saw it.
      if (path.endsWith('/mail')) return;
      expect(html.length).toBeLessThan(MOST_CHARS);
      expect(HIDING.exec(textOf(html))?.[0]).toBeUndefined();
    });
  });
}

test('the search for what is dangerous finds it', () => {
  const dangerous = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">',
    '<a href="//evil.example">',
    '<p style="color: red">',
    '<iframe src="/notifications/1/mail">',
  ];
  expect(dangerous.map((html) => dangerousIn(html).length)).toEqual(dangerous.map(() => 1));
});

/** The tags of a page that no text of a record may have made. Ours are written with their attributes in quotes. */
function dangerousIn(html: string): readonly string[] {
  return tagsOf(html).filter(
    (tag) =>
      !OWN_TAGS.some((own) => tag.startsWith(own)) &&
      !isMailFrame(tag) &&
      (DANGEROUS_TAGS.test(tag) || MARKS.test(withoutValues(tag)) || FOREIGN_ADDRESS.test(tag)),
  );
}

function tagsOf(html: string): readonly string[] {
  return html.match(/<[a-z!][^>]*>/gi) ?? [];
}

/** What is read of a page. In a field that is being edited the text is as it is, or saving it would change it. */
function textOf(html: string): string {
  return html.replaceAll(/<textarea[^>]*>[^<]*<\/textarea>/g, '').replaceAll(/<[a-z!/][^>]*>/gi, ' ');
}

function withoutValues(tag: string): string {
  return tag.replaceAll(/="[^"]*"/g, '=""');
}

/** A mail is shown in a frame that may do nothing. */
function isMailFrame(tag: string): boolean {
  return (
    tag.startsWith('<iframe ') &&
    / sandbox(?:="(?:allow-same-origin)?")?[ >]/.test(tag) &&
    / src="\/notifications\//.test(tag)
  );
}

function readable(path: string): string {
  return path.replaceAll(encodeURIComponent(HOSTILE_ID), 'ID');
}
