import { describe, expect, test } from 'vitest';
import { toHtml, toSlack, toText } from './markdown.ts';

const noLinks = { allowedLinkHosts: [] };

describe('a numbered list', () => {
  test.each([0, 1, 2, 3, 9, 99])('that begins at %i keeps its numbers in every format', (first) => {
    const marks = [first, first + 1, first + 2];
    const markdown = marks.map((mark) => `${mark}. item`).join('\n');

    expect(toText(markdown)).toBe(markdown);
    expect(toSlack(markdown, noLinks)).toEqual([markdown]);
    const html = toHtml(markdown, noLinks);
    expect(/<ol start="(\d+)"/.exec(html)?.[1]).toBe(first === 1 ? undefined : String(first));
    expect(html.match(/<li/g)).toHaveLength(3);
  });

  test('inside of another one keeps its own numbers', () => {
    const markdown = '3. a\n   7. b\n   8. c\n4. d';

    expect(toText(markdown)).toBe(markdown);
  });

  test('counts on from its first number, whatever is written', () => {
    expect(toText('5. a\n5. b\n9. c')).toBe('5. a\n6. b\n7. c');
  });

  test('with bullets has none', () => {
    expect(toText('* a\n* b')).toBe('- a\n- b');
  });
});

describe('the host of a link', () => {
  const url = (host: string) => `https://${host}/x`;
  const keptIn = (host: string, allowed: string) => {
    const rule = { allowedLinkHosts: [allowed] };
    const markdown = `[x](${url(host)})`;
    return [toHtml(markdown, rule).includes('<a '), toSlack(markdown, rule).join('').includes('|x>')];
  };

  test.each([
    ['app.shop.example', 'app.shop.example'],
    ['APP.shop.Example', 'app.shop.example'],
    ['app.shop.example', 'App.Shop.EXAMPLE'],
    ['App.shop.example', 'aPP.shop.example'],
    ['app.shop.example:8443', 'App.Shop.example:8443'],
    ['app.shop.example:443', 'app.shop.example'],
  ])('%s is allowed where %s is, in any letters', (host, allowed) => {
    expect(keptIn(host, allowed)).toEqual([true, true]);
  });

  test.each([
    ['app.shop.example', 'shop.example'],
    ['shop.example', 'app.shop.example'],
    ['app.shop.example:8443', 'app.shop.example'],
    ['app.shop.example', 'app.shop.example:8443'],
    ['app.shop.example.evil.example', 'app.shop.example'],
    ['appxshop.example', 'app.shop.example'],
  ])('%s is not allowed where %s is', (host, allowed) => {
    expect(keptIn(host, allowed)).toEqual([false, false]);
  });
});
