import { describe, expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';
import { JsonView } from './json-view.tsx';
import { shownText, Text, visible } from './text.tsx';

const html = (node: unknown): string => String(node);

describe('text from data', () => {
  test('is never read as HTML', () => {
    expect(html(<Text value={'<img src=x onerror="alert(1)">'} />)).toBe(
      '<bdi>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</bdi>',
    );
  });

  test('shows what would turn its direction or hide in it', () => {
    expect(visible('a\u202eb\u200bc\u0007\u{e0041}')).toBe('a\\u202eb\\u200bc\\u0007\\u{e0041}');
  });

  test('keeps emoji that are made of several characters', () => {
    expect(visible('👩‍🚀 ❤️')).toBe('👩‍🚀 ❤️');
  });

  test('of ten thousand characters is cut where a person would cut it', () => {
    expect(shownText('ab '.repeat(5_000), 10)).toBe('ab ab ab …');
    expect(shownText('👩‍🚀'.repeat(5_000), 3)).toBe('👩‍🚀👩‍🚀…');
  });

  test('of one character with ten thousand marks does not run over the page', () => {
    expect(shownText(`a${'\u0301'.repeat(10_000)}`, 10)).toBe('…');
  });

  test('that fits is left as it is', () => {
    expect(shownText('Gmail', 5)).toBe('Gmail');
  });

  test('of half a letter is shown by its number', () => {
    expect(shownText('a\ud800b', 10)).toBe('a\\ud800b');
  });
});

describe('Markdown from a model', () => {
  test('has no link, no image and no HTML', () => {
    const page = html(
      <Markdown text={'[a](https://x.example) ![b](https://y.example/p.png) <script>alert(1)</script>'} />,
    );

    expect(page).not.toMatch(/<(a|img|script)\b/);
    expect(page).toContain('&lt;script&gt;');
  });

  test('carries no style in its elements', () => {
    const page = html(<Markdown text={'| a | b |\n|---|--:|\n| 1 | 2 |\n\n```js\nx\n```'} />);

    expect(page).not.toContain('style=');
    expect(page).toContain('<td class="align-right">2</td>');
  });

  test.each([
    ['# One\n\n## Two', '<h3>One</h3>\n<h4>Two</h4>'],
    ['## Two\n\n###### Six', '<h3>Two</h3>\n<h4>Six</h4>'],
    ['### Three', '<h3>Three</h3>'],
  ])('begins its headings right below those of the page: %j', (text, headings) => {
    expect(html(<Markdown text={text} />)).toContain(headings);
  });
});

describe('JSON', () => {
  test('of a megabyte is cut, and says where the whole is', () => {
    const page = html(<JsonView value={'x'.repeat(1_000_000)} label="Output" wholeHref="/whole" />);

    expect(page.length).toBeLessThan(14_000);
    expect(page).toContain('<a href="/whole">Download all of it</a>');
  });

  test('that is not there takes no room', () => {
    expect(html(<JsonView value={undefined} label="Output" />)).toBe('');
  });
});
