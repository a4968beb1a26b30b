import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'oxc-parser';
import { z } from 'zod';

/** One import of a file: of values, of types only, or dynamic (`import()`). */
export interface Import {
  /** The importing file, as a path from the project root. */
  readonly from: string;
  /** As written: `./retry.ts`, `#core/failure.ts`, `zod`. */
  readonly specifier: string;
  /** A path from the project root, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Whether it imports only types, so that nothing of the target runs. */
  readonly typesOnly: boolean;
}

type Written = Pick<Import, 'specifier' | 'typesOnly'>;

/** Where product code, its tests and its test doubles are. */
const SOURCES = '{functions/src,console/src,console/e2e,scripts,demo,bench,chaos,playbooks,docs}/**/*.{ts,tsx}';
const DOUBLES = /^(functions\/src\/(testing|built)|console\/(src\/testing|e2e))\//;

const PackageFile = z.object({ imports: z.record(z.string(), z.string()) });

/** Every TypeScript file of the project, sorted, as paths from its root. */
export function sourceFiles(root: string): readonly string[] {
  return globSync(SOURCES, { cwd: root }).toSorted();
}

/** Whether a file is a test, a contract suite or used only by tests. */
export function isTest(file: string): boolean {
  return /\.(test|contract)\.tsx?$/.test(file) || DOUBLES.test(file);
}

/** Everything these files import, in source order. Throws if a file is not valid TypeScript. */
export function importsOf(root: string, files: readonly string[]): readonly Import[] {
  const rooms = subpathImports(root);
  return files.flatMap((from) => specifiersOf(root, from).map((one) => importOf(from, one, rooms)));
}

/** The subpath imports of the root package: `#core/` stands for `functions/src/core/`. */
export function subpathImports(root: string): ReadonlyMap<string, string> {
  const { imports } = PackageFile.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return new Map(
    Object.entries(imports).map(([name, path]) => [name.replace(/\*$/, ''), normalize(path).replace(/\*$/, '')]),
  );
}

function specifiersOf(root: string, file: string): readonly Written[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors.map(({ message }) => message).join(' ')}`);
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) => written(moduleRequest.value, entries)),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.moduleRequest === null ? [] : written(entry.moduleRequest.value, [entry]))),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) =>
      literalOf(text.slice(start, end)).map((specifier) => written(specifier, [])),
    ),
  ];
}

/** An import without names is there for what the module does when it is loaded. */
function written(specifier: string, names: readonly { readonly isType: boolean }[]): Written {
  return { specifier, typesOnly: names.length > 0 && names.every(({ isType }) => isType) };
}

/** The text of a string literal; nothing if a module is named by a computed value. */
function literalOf(source: string): readonly string[] {
  return /^'[^']*'$/.test(source) ? [source.slice(1, -1)] : [];
}

function importOf(from: string, written: Written, rooms: ReadonlyMap<string, string>): Import {
  const { specifier } = written;
  if (specifier.startsWith('.')) return { from, ...written, target: join(dirname(from), specifier), isPackage: false };
  for (const [name, folder] of rooms) {
    if (specifier.startsWith(name))
      return { from, ...written, target: folder + specifier.slice(name.length), isPackage: false };
  }
  return { from, ...written, target: packageOf(specifier), isPackage: true };
}

function packageOf(specifier: string): string {
  // Several SDKs in one package, each with a separate adapter.
  if (specifier.startsWith('firebase-admin/')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
