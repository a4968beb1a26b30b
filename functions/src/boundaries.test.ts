import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = join(ROOT, 'functions', 'src');

/** The folders that are the inside of the product: which others they may import, which packages, and whether Node. */
const INSIDE: Readonly<Record<string, { folders: readonly string[]; packages: readonly string[] }>> = {
  engine: { folders: [], packages: ['zod', '@bufbuild/cel', 'croner', 'node:crypto'] },
  agents: { folders: ['engine', 'definitions', 'ports'], packages: ['zod'] },
  ports: { folders: ['engine', 'definitions'], packages: [] },
  definitions: {
    folders: ['engine', 'ports', 'steps', 'tools', 'channels'],
    packages: ['zod', 'yaml', 'node:fs', 'node:path'],
  },
  records: { folders: ['engine', 'definitions', 'ports'], packages: ['zod', 'node:crypto', 'node:util'] },
  tools: { folders: ['engine', 'definitions', 'ports', 'records'], packages: ['zod', 'node:crypto'] },
  channels: {
    folders: ['engine', 'definitions', 'ports', 'records'],
    packages: ['zod', 'markdown-it', 'node:crypto'],
  },
  steps: {
    folders: ['engine', 'agents', 'definitions', 'ports', 'records', 'tools', 'channels'],
    packages: ['zod', 'node:crypto'],
  },
  http: { folders: ['engine', 'ports', 'records'], packages: ['node:crypto'] },
};

/** What reaches the world past the ports. Time comes from the `Clock`; a stopwatch decides nothing, and is allowed. */
const WORLD =
  /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval)\(|\bfetch\(|\bconsole\.|\bMath\.random\(/;
const STOPWATCH = /\bperformance\./;

/** Test doubles, contract suites and the exchanges of the built product stand outside, with the tests. */
const isTest = (file: string): boolean => /\.(test|contract)\.ts$/.test(file) || /^(testing|built)\//.test(file);

const files = globSync('**/*.ts', { cwd: SOURCE });
const productFiles = files.filter((file) => !isTest(file)).toSorted();
const folderOf = (file: string): string => file.split('/')[0] ?? '';

interface Import {
  readonly from: string;
  /** A path below `functions/src`, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return Array.from(text.matchAll(/(?:\bfrom|^import|\bimport\()\s*'([^']+)'/gm), ([, specifier = '']) =>
    specifier.startsWith('.')
      ? { from: file, target: relative(SOURCE, join(SOURCE, dirname(file), specifier)), isPackage: false }
      : { from: file, target: packageOf(specifier), isPackage: true },
  );
}

function packageOf(specifier: string): string {
  // Several SDKs in one package, each with its own adapter.
  if (specifier.startsWith('firebase-admin/')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The code without comments and without what is written in texts. */
function codeOf(file: string): string {
  const aside = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return readFileSync(join(SOURCE, file), 'utf8').replaceAll(aside, (match) => (match.startsWith('/') ? '' : "''"));
}

const productImports = productFiles.flatMap(importsOf);
const asLine = ({ from, target }: Import): string => `${from} imports ${target}`;

describe('the borders', () => {
  test.each(Object.entries(INSIDE))('%s/ imports only what it may', (folder, { folders, packages }) => {
    const strays = productImports.filter(({ from, target, isPackage }) => {
      if (folderOf(from) !== folder) return false;
      return isPackage ? !packages.includes(target) : !['', ...folders].concat(folder).includes(folderOf(target));
    });

    expect(strays.map(asLine)).toEqual([]);
  });

  test.each(Object.keys(INSIDE))('%s/ reaches the world only through ports', (folder) => {
    const strays = productFiles.filter((file) => folderOf(file) === folder && WORLD.test(codeOf(file)));

    expect(strays).toEqual([]);
  });

  test.each(['engine', 'agents'])('%s/ does not even look at a stopwatch', (folder) => {
    expect(productFiles.filter((file) => folderOf(file) === folder && STOPWATCH.test(codeOf(file)))).toEqual([]);
  });

  test('an adapter never imports another adapter', () => {
    const strays = productImports.filter(({ from, target, isPackage }) => {
      const [, own, inFolder] = from.split('/');
      const [folder, other, deeper] = target.split('/');
      if (isPackage || folderOf(from) !== 'adapters' || folder !== 'adapters' || deeper === undefined) return false;
      return inFolder === undefined || own !== other;
    });

    expect(strays.map(asLine)).toEqual([]);
  });

  test('adapters know of the product only its ports and the engine', () => {
    const known = ['adapters', 'ports', 'engine'];
    const strays = productImports.filter(
      ({ from, target, isPackage }) => folderOf(from) === 'adapters' && !isPackage && !known.includes(folderOf(target)),
    );

    expect(strays.map(asLine)).toEqual([]);
  });

  test('only app.ts puts adapters behind the ports', () => {
    const roots = ['app.ts', 'open-documents.ts'];
    const strays = productImports.filter(
      ({ from, target }) =>
        folderOf(target) === 'adapters' &&
        folderOf(from) !== 'adapters' &&
        !roots.includes(from) &&
        !AROUND_APP.includes(`${from} imports ${target}`),
    );

    expect(strays.map(asLine)).toEqual([]);
  });

  test('an SDK is imported in exactly one folder of adapters/', () => {
    const sdks = new Map<string, Set<string>>();
    const pure = new Set(Object.values(INSIDE).flatMap(({ packages }) => packages));
    for (const { from, target, isPackage } of productImports) {
      if (!isPackage || pure.has(target) || target.startsWith('node:') || DEPLOYMENT.has(target)) continue;
      sdks.set(target, (sdks.get(target) ?? new Set()).add(dirname(from)));
    }

    expect([...sdks.keys()]).toContain('firebase-admin/firestore');
    expect(
      [...sdks].filter(
        ([sdk, folders]) => (folders.size > 1 && sdk !== BEGINS_EVERY_SDK) || ![...folders].every(isAdapterFolder),
      ),
    ).toEqual([]);
  });

  test('nothing of the product imports test doubles', () => {
    expect(productImports.filter(({ target }) => isTest(target)).map(asLine)).toEqual([]);
  });
});

/** What is logged before there is an app, and of which request. */
const AROUND_APP = ['start-app.ts imports adapters/structured-log.ts', 'index.ts imports adapters/request-trace.ts'];
/** Known to the entry points alone: how functions are declared, and the type of a request. */
const DEPLOYMENT = new Set(['firebase-functions', '@google-cloud/functions-framework']);
/** Firebase's SDKs are all begun by the same call. */
const BEGINS_EVERY_SDK = 'firebase-admin/app';
const isAdapterFolder = (folder: string): boolean => /^adapters\/[^/]+$/.test(folder);

describe('the source', () => {
  const everything = globSync('{functions/src,scripts,bench,demo,console/src,playbooks}/**/*.ts', {
    cwd: ROOT,
  }).toSorted();

  test('is in files with names of small letters and hyphens', () => {
    const named = /^[a-z0-9]+(-[a-z0-9]+)*(\.(emulator|contract))?(\.test)?\.ts$/;
    const vague = /^(utils?|helpers?|common|misc|types|constants|.*-(manager|service|util|helper))\.ts$/;

    expect(everything.filter((file) => !named.test(basename(file)) || vague.test(basename(file)))).toEqual([]);
  });

  test('never silences the compiler or the linter', () => {
    const own = relative(ROOT, fileURLToPath(import.meta.url));
    const silenced = /@ts-(ignore|nocheck|expect-error)|(eslint|oxlint)-disable/;

    expect(everything.filter((file) => file !== own && silenced.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual(
      [],
    );
  });
});
