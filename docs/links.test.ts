import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).toSorted();
const MAX_README_LINES = 150;

interface Link {
  readonly page: string;
  readonly target: string;
}

/** The text of a page without code, in which nothing is a link. */
function proseOf(page: string): string {
  return textOf(page)
    .replaceAll(/^( *)```[\s\S]*?^\1```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()<>]/g, ' '));
}

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** What a page links to inside of this repository, and the images that it shows. */
function linksOf(page: string): readonly Link[] {
  const found = proseOf(page).matchAll(/\]\(([^()\s]+)\)|<img src="([^"]+)"/g);
  return Array.from(found, ([, link, image]) => link ?? image ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ page, target }));
}

/** The path that a link leads to, from the root of the repository. */
function fileOf({ page, target }: Link): string {
  const [path = ''] = target.split('#');
  return path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
}

/** The anchors of a page, as GitHub makes them of its headings: a repeated heading is numbered. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of textOf(page)
    .replaceAll(/^( *)```[\s\S]*?^\1```/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    const sameBefore = [...anchors].filter((known) => known === anchor || known.startsWith(`${anchor}-`)).length;
    anchors.add(anchors.has(anchor) ? `${anchor}-${sameBefore}` : anchor);
  }
  return anchors;
}

function isBroken(link: Link): boolean {
  const file = fileOf(link);
  const [, anchor] = link.target.split('#');
  if (!existsSync(join(ROOT, file))) return true;
  return anchor !== undefined && !anchorsOf(file).has(anchor);
}

/** The files that links lead to from a page, also over other pages. */
function reachableFrom(start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const page of reached) {
    if (!page.endsWith('.md') || !existsSync(join(ROOT, page))) continue;
    for (const link of linksOf(page)) reached.add(fileOf(link));
  }
  return reached;
}

describe('the documentation', () => {
  test.each(PAGES)('%s links to files and headings that exist', (page) => {
    const broken = linksOf(page).filter(isBroken);

    expect(broken).toEqual([]);
  });

  test('leads from its index to every file in docs/', () => {
    const files = globSync('docs/**/*.{md,json,png,svg}', { cwd: ROOT });
    const reached = reachableFrom('docs/README.md');

    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });

  test('names every guide in its index', () => {
    const guides = globSync('docs/*.md', { cwd: ROOT }).filter((file) => file !== 'docs/README.md');
    const named = new Set(linksOf('docs/README.md').map(fileOf));

    expect(guides.filter((file) => !named.has(file))).toEqual([]);
  });

  test(`begins with a README of at most ${MAX_README_LINES} lines`, () => {
    expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_README_LINES);
  });

  test.each(PAGES.filter((page) => /^docs\/[\w-]+\.md$/.test(page) && page !== 'docs/reference.md'))(
    '%s has a table of contents where it is longer than 100 lines',
    (page) => {
      const isLong = textOf(page).split('\n').length > 100;
      const ownAnchors = linksOf(page).filter(({ target }) => target.startsWith('#'));

      expect(!isLong || ownAnchors.length > 2).toBe(true);
    },
  );
});
