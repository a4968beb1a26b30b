import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCE = import.meta.dirname;

const files = globSync('**/*.{ts,tsx}', { cwd: SOURCE })
  .filter((file) => !/\.(test|contract)\.tsx?$/.test(file) && !file.startsWith('testing/'))
  .toSorted();

/** What a file imports: paths from the root of the repository, and names of packages. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return Array.from(text.matchAll(/(?:\bfrom|^import|\bimport\()\s*'([^']+)'/gm), ([, specifier = '']) =>
    specifier.startsWith('.') ? relative(ROOT, join(SOURCE, dirname(file), specifier)) : specifier,
  );
}

const everything = files.map((file) => ({ file, imports: importsOf(file) }));
const strays = (isStray: (imported: string) => boolean, among: (file: string) => boolean): readonly string[] =>
  everything
    .filter(({ file }) => among(file))
    .flatMap(({ file, imports }) => imports.filter(isStray).map((imported) => `${file} imports ${imported}`));

const isRoot = (file: string): boolean => file === 'server.ts';
const isClient = (file: string): boolean => file.startsWith('client/');

describe('the borders of the console', () => {
  test('only server.ts knows adapters, what is put together, and the environment', () => {
    const inside = /^functions\/src\/(adapters\/|app\.ts|open-documents\.ts|http\/|index\.ts)/;
    const reaching = files.filter(
      (file) => !isRoot(file) && !isClient(file) && /\bprocess\.|\bDate\.now\(|\bnew Date\(\)/.test(codeOf(file)),
    );

    expect(
      strays(
        (imported) => inside.test(imported),
        (file) => !isRoot(file),
      ),
    ).toEqual([]);
    expect(reaching).toEqual([]);
  });

  test('what runs in the browser imports nothing of what runs on the server', () => {
    const own = /^(console\/src\/client\/|console\/src\/view\/relative\.ts$|idiomorph$)/;

    expect(strays((imported) => !own.test(imported), isClient)).toEqual([]);
    expect(
      strays(
        (imported) => imported.startsWith('console/src/client/'),
        (file) => !isClient(file),
      ),
    ).toEqual([]);
  });

  test('parts of pages know no page', () => {
    expect(
      strays(
        (imported) => imported.startsWith('console/src/pages/'),
        (file) => file.startsWith('view/'),
      ),
    ).toEqual([]);
  });

  test('nothing puts HTML into a page as it is, but Markdown, which is safe by then', () => {
    const raw = files.filter((file) => /\braw\(|dangerouslySetInnerHTML|innerHTML/.test(codeOf(file)));

    expect(raw).toEqual(['view/elements/markdown.tsx']);
  });

  test('no test double is in what is built', () => {
    expect(
      strays(
        (imported) => /(^|\/)testing\//.test(imported),
        () => true,
      ),
    ).toEqual([]);
  });
});

/** The code without comments and without what is written in texts. */
function codeOf(file: string): string {
  const aside = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'/g;
  return readFileSync(join(SOURCE, file), 'utf8').replaceAll(aside, '');
}
