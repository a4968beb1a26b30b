/** A value that a file imports from a package: `default`, a name, or a name of the default (`default.Client`). */
export interface PackageImport {
  readonly package: string;
  readonly name: string;
}

const STATIC = /^import\s+(?!type\b)([^;]*?)\s+from\s+'([^']+)';/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;
const DESTRUCTURED = /\bconst\s*(\{[^}]*\})\s*=\s*await import\('([^']+)'\)/g;
const OF_DEFAULT = /\bconst\s*(\{[^}]*\})\s*=\s*\(await import\('([^']+)'\)\)\.default/g;
const SEVERAL = /\bconst\s*\[([^\]=]*)\]\s*=\s*await Promise\.all\(\[([^\]]*)\]\)/g;

/**
 * The values that a TypeScript file imports from packages, statically or dynamically. Throws for an `import()` of a package in
 * an unknown form, because the names that it needs are then unknown.
 */
export function packageImportsOf(text: string): readonly PackageImport[] {
  const dynamic = [
    ...destructured(text, DESTRUCTURED, ''),
    ...destructured(text, OF_DEFAULT, 'default.'),
    ...several(text),
  ];
  const known = new Set(dynamic.map((found) => found.package));
  const stray = [...text.matchAll(DYNAMIC)]
    .map(([, name = '']) => name)
    .find((name) => isPackage(name) && !known.has(name));
  if (stray !== undefined) throw new Error(`import('${stray}') is written in a way that this check does not read.`);
  return [...statics(text), ...dynamic].filter((found) => isPackage(found.package));
}

function statics(text: string): readonly PackageImport[] {
  return [...text.matchAll(STATIC)].flatMap(([, clause = '', from = '']) => {
    const named = /\{[^}]*\}/.exec(clause)?.[0] ?? '{}';
    const whole = /^(\w+)/.exec(clause)?.[1];
    const names = [...(whole === undefined ? [] : ['default']), ...namesIn(named)];
    return names.map((name) => ({ package: from, name }));
  });
}

function destructured(text: string, form: RegExp, prefix: string): readonly PackageImport[] {
  return [...text.matchAll(form)].flatMap(([, braces = '', from = '']) =>
    namesIn(braces).map((name) => ({ package: from, name: `${prefix}${name}` })),
  );
}

function several(text: string): readonly PackageImport[] {
  return [...text.matchAll(SEVERAL)].flatMap(([, taken = '', given = '']) => {
    const targets = taken.match(/\{[^}]*\}|\w+/g) ?? [];
    const packages = [...given.matchAll(DYNAMIC)].map(([, name = '']) => name);
    return packages.flatMap((from, index) => {
      const target = targets[index] ?? '';
      const names = target.startsWith('{') ? namesIn(target) : membersOf(text, target);
      return names.map((name) => ({ package: from, name }));
    });
  });
}

/** `{ a, b as c, d: e, type F }`: a, b, d. */
function namesIn(braces: string): readonly string[] {
  return braces
    .replaceAll(/[{}\n]/g, ' ')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => /^[\w$]+/.exec(part)?.[0] ?? part);
}

/** The members that are used of a complete module under its local name. */
function membersOf(text: string, name: string): readonly string[] {
  return [...new Set([...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)\\(`, 'g'))].map(([, member = '']) => member))];
}

function isPackage(specifier: string): boolean {
  return !/^(\.|#|node:)/.test(specifier);
}
