import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT, runScript } from './built-product.ts';
import { packageImportsOf } from './package-imports.ts';

/** Code that ships or runs directly from TypeScript; the browser code has a separate bundle. */
const SHIPPED = '{functions/src,console/src,scripts,demo}/**/*.{ts,tsx}';
const NOT_SHIPPED = /\.(test|contract)\.tsx?$|\/testing\/|\/built\/|^console\/src\/client\//;

/** Prints the names that Node's own loader finds in each package: those of the module, and those of its default. */
const LIST_NAMES = `
  const found = {};
  for (const name of process.argv.slice(1)) {
    const module = await import(name);
    const ofDefault = Object.keys(module.default ?? {}).map((key) => 'default.' + key);
    found[name] = [...Object.keys(module), ...ofDefault];
  }
  console.log(JSON.stringify(found));
  process.exit();
`;

describe('a package', () => {
  const files = globSync(SHIPPED, { cwd: ROOT }).filter((file) => !NOT_SHIPPED.test(file));
  const imports = files.flatMap((file) =>
    packageImportsOf(readFileSync(`${ROOT}${file}`, 'utf8')).map((taken) => ({ ...taken, file })),
  );

  test('has every imported name in plain Node', async () => {
    const packages = [...new Set(imports.map((taken) => taken.package))].toSorted();
    const { output } = await runScript(['--input-type=module', '-e', LIST_NAMES, ...packages], {});
    const found = new Map<string, readonly string[]>(Object.entries(JSON.parse(output)));

    const missing = imports.filter(({ package: from, name }) => found.get(from)?.includes(name) !== true);

    expect(packages).toEqual(
      expect.arrayContaining(['node-mailjet', '@anthropic-ai/sdk', 'firebase-admin/auth', 'hono']),
    );
    expect(missing.map(({ file, name, package: from }) => `${file} takes ${name} from ${from}`)).toEqual([]);
  }, 30_000);
});

describe('the imports of a file', () => {
  test.each([
    [`import { z } from 'zod';`, ['zod z']],
    [`import Markdown, { type Token, escape as e } from 'markdown-it';`, ['markdown-it default', 'markdown-it escape']],
    [`import type { Client } from 'node-mailjet';`, []],
    [`import { join } from 'node:path';\nimport { own } from './own.ts';`, []],
    [`const { default: Client } = await import('sdk');`, ['sdk default']],
    [`const { Client, Request } = (await import('sdk')).default;`, ['sdk default.Client', 'sdk default.Request']],
    [
      `const [{ a, b }, sdk] = await Promise.all([import('one'), import('two')]); sdk.open(1);`,
      ['one a', 'one b', 'two open'],
    ],
  ])('%s', (text, expected) => {
    expect(packageImportsOf(text).map((found) => `${found.package} ${found.name}`)).toEqual(expected);
  });

  test('cause an error where they cannot be read', () => {
    expect(() => packageImportsOf(`import('sdk').then((all) => all.Client)`)).toThrow(
      "import('sdk') is written in a way",
    );
  });
});
