import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { APART, MAX_FILES_PER_ROOM } from './floors.ts';
import { readHouse } from './house.ts';
import { type Import, importsOf, isTest, sourceFiles, subpathImports } from './import-graph.ts';
import { codeOf } from './product-code.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const files = sourceFiles(ROOT);
const productFiles = files.filter((file) => !isTest(file));
const productImports = importsOf(ROOT, productFiles);
const house = readHouse(ROOT);

const within = (path: string): string => path.replace(/^functions\/src\//, '');
const topOf = (path: string): string =>
  within(path)
    .replace(/^console\/src\//, '')
    .split('/')[0] ?? '';
const asLine = ({ from, target }: Import): string => `${from} imports ${target}`;
/** A file above all top folders of its side: `app.ts`, `server.ts` … */
const isEntry = (file: string): boolean => /^(functions|console)\/src\/[^/]+$/.test(file);
const lines = (isStray: (imported: Import) => boolean): readonly string[] => productImports.filter(isStray).map(asLine);

describe('the house', () => {
  test('has no import cycles, tests included', () => {
    expect(house.cycles).toEqual([]);
  });

  test('imports only from floors below', () => {
    expect(house.upwards.map(asLine)).toEqual([]);
  });

  test('has a floor for every room', () => {
    expect(house.rooms.filter(({ floor }) => floor === undefined).map(({ name }) => name)).toEqual([]);
  });

  test(`has at most ${MAX_FILES_PER_ROOM} files in a room`, () => {
    const crowded = house.rooms.filter((room) => room.files.length > MAX_FILES_PER_ROOM);

    expect(crowded.map(({ name, files: { length } }) => `${name}: ${length}`)).toEqual([]);
  });

  test.each(APART)('keeps %s and %s apart', (one, other) => {
    const isIn = (path: string, top: string): boolean => topOf(path) === top;

    expect(lines(({ from, target, isPackage }) => !isPackage && isIn(from, one) && isIn(target, other))).toEqual([]);
  });

  test.each(['demo', 'scripts', 'bench', 'chaos'])('imports nothing of %s/ from elsewhere in the product', (top) => {
    const above = ['scripts', 'bench', 'chaos', top];

    expect(
      lines(({ from, target, isPackage }) => !isPackage && topOf(target) === top && !above.includes(topOf(from))),
    ).toEqual([]);
  });

  test('imports no test double', () => {
    const ofDemo = (from: string): boolean => /^(demo|bench|chaos|scripts)\//.test(from);

    expect(lines(({ from, target, isPackage }) => !isPackage && isTest(target) && !ofDemo(from))).toEqual([]);
  });

  test('uses relative imports only within one top folder', () => {
    const strays = productImports.filter(({ from, target, specifier }) => {
      const isInside = /^(functions|console)\/src\//.test(target);
      return specifier.startsWith('.') && isInside && topOf(from) !== topOf(target) && !isEntry(from);
    });

    expect(strays.map(asLine)).toEqual([]);
  });
});

/** The packages each top folder may import in addition to the floors below; adapters and entries are checked below. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: ['zod', 'node:crypto'],
  language: ['zod', '@bufbuild/cel', 'croner', 'yaml', 'node:fs', 'node:path'],
  ports: [],
  engine: ['zod', 'node:crypto'],
  records: ['zod', 'node:crypto', 'node:util'],
  agents: ['zod'],
  tools: ['zod', 'node:crypto'],
  channels: ['zod', 'markdown-it', 'node:crypto'],
  steps: ['zod', 'node:crypto'],
  scheduler: [],
  http: ['node:crypto'],
};

/** What reaches the world without a port. Time comes from the `Clock`; a stopwatch decides nothing, and is allowed. */
const WORLD =
  /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval)\(|\bfetch\(|\bconsole\.|\bMath\.random\(/;
const STOPWATCH = /\bperformance\./;

describe('the inside of the functions', () => {
  test.each(Object.entries(PACKAGES))('%s/ imports only the packages that it may', (top, packages) => {
    expect(
      lines(({ from, target, isPackage }) => isPackage && topOf(from) === top && !packages.includes(target)),
    ).toEqual([]);
  });

  test.each(Object.keys(PACKAGES))('%s/ reaches the world only through ports', (top) => {
    expect(productFiles.filter((file) => topOf(file) === top && WORLD.test(codeOf(ROOT, file)))).toEqual([]);
  });

  test.each(['core', 'language', 'engine', 'agents'])('%s/ does not even use a stopwatch', (top) => {
    expect(productFiles.filter((file) => topOf(file) === top && STOPWATCH.test(codeOf(ROOT, file)))).toEqual([]);
  });

  test('is put behind the ports only by app.ts and what it opens', () => {
    const roots = ['app.ts', 'open-documents.ts', 'open-ports.ts', 'open-secrets.ts'];
    const strays = productImports.filter(
      ({ from, target }) =>
        from.startsWith('functions/src/') &&
        topOf(target) === 'adapters' &&
        topOf(from) !== 'adapters' &&
        !roots.includes(within(from)) &&
        !AROUND_APP.includes(`${within(from)} imports ${within(target)}`),
    );

    expect(strays.map(asLine)).toEqual([]);
  });
});

/** What is logged before the app exists, and for which request. */
const AROUND_APP = ['start-app.ts imports adapters/structured-log.ts', 'index.ts imports adapters/request-trace.ts'];

describe('the adapters', () => {
  test('know only the ports and the core of the product', () => {
    const known = ['adapters', 'ports', 'core'];

    expect(
      lines(
        ({ from, target, isPackage }) => topOf(from) === 'adapters' && !isPackage && !known.includes(topOf(target)),
      ),
    ).toEqual([]);
  });

  test('import each SDK in exactly one folder', () => {
    const sdks = new Map<string, Set<string>>();
    const pure = new Set(Object.values(PACKAGES).flat());
    for (const { from, target, isPackage } of productImports) {
      const isSdk = isPackage && from.startsWith('functions/src/') && !pure.has(target) && !target.startsWith('node:');
      if (!isSdk || DEPLOYMENT.has(target)) continue;
      sdks.set(target, (sdks.get(target) ?? new Set()).add(dirname(within(from))));
    }

    expect([...sdks.keys()]).toContain('firebase-admin/firestore');
    expect(
      [...sdks].filter(
        ([sdk, folders]) => (folders.size > 1 && sdk !== BEGINS_EVERY_SDK) || ![...folders].every(isAdapterFolder),
      ),
    ).toEqual([]);
  });
});

/** Known only to the entry points: how functions are declared, and the type of a request. */
const DEPLOYMENT = new Set(['firebase-functions', '@google-cloud/functions-framework']);
/** Firebase's SDKs all start with the same call. */
const BEGINS_EVERY_SDK = 'firebase-admin/app';
const isAdapterFolder = (folder: string): boolean => /^adapters\/[^/]+$/.test(folder);

describe('the console', () => {
  const isConsole = (file: string): boolean => file.startsWith('console/src/');
  const isRoot = (file: string): boolean => file === 'console/src/server.ts';
  const isClient = (file: string): boolean => file.startsWith('console/src/client/');
  const consoleFiles = productFiles.filter((file) => isConsole(file) && !isRoot(file) && !isClient(file));

  test('knows adapters, their composition and the environment only in server.ts', () => {
    const inside = /^functions\/src\/(adapters\/|app\.ts|open-[a-z]+\.ts|http\/|index\.ts)/;
    const reaching = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)/;

    expect(lines(({ from, target }) => isConsole(from) && !isRoot(from) && inside.test(target))).toEqual([]);
    expect(consoleFiles.filter((file) => reaching.test(codeOf(ROOT, file)))).toEqual([]);
  });

  test('runs no server code in the browser', () => {
    const own = /^(console\/src\/client\/|console\/src\/view\/elements\/relative\.ts$|idiomorph$)/;

    expect(lines(({ from, target }) => isClient(from) && !own.test(target))).toEqual([]);
    expect(lines(({ from, target }) => !isClient(from) && isClient(target))).toEqual([]);
  });

  test('puts raw HTML into a page only for Markdown, which is safe by then', () => {
    const raw = consoleFiles.filter((file) => /\braw\(|dangerouslySetInnerHTML|innerHTML/.test(codeOf(ROOT, file)));

    expect(raw).toEqual(['console/src/view/elements/markdown.tsx']);
  });
});

describe('the subpath imports', () => {
  test('are the same in both packages, except for the console, which is not deployed with the functions', () => {
    const root = subpathImports(ROOT);
    const functions = subpathImports(join(ROOT, 'functions'));
    const expected = [...root].filter(([name]) => name !== '#console/');

    expect([...functions].map(([name, path]) => [name, `functions/${path}`])).toEqual(expected);
  });

  test('name every top folder of the functions', () => {
    const tops = new Set(productFiles.filter((file) => /^functions\/src\/[^/]+\//.test(file)).map(topOf));

    expect([...tops].filter((top) => !subpathImports(ROOT).has(`#${top}/`))).toEqual([]);
  });
});

describe('the source', () => {
  test('is in files named with lower-case letters and hyphens', () => {
    const named = /^[a-z0-9]+(-[a-z0-9]+)*(\.(emulator|contract))?(\.test)?\.tsx?$/;
    const vague = /^(utils?|helpers?|common|misc|types|constants|.*-(manager|service|util|helper))\.tsx?$/;

    expect(files.filter((file) => !named.test(basename(file)) || vague.test(basename(file)))).toEqual([]);
  });

  test('never silences the compiler or the linter', () => {
    const silenced = new RegExp(['@ts-(ignore|nocheck|expect-error)', '(eslint|oxlint)-disable'].join('|'));

    expect(
      files.filter(
        (file) => !file.endsWith('borders.test.ts') && silenced.test(readFileSync(join(ROOT, file), 'utf8')),
      ),
    ).toEqual([]);
  });
});
