import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { buildConsole } from './build-console.ts';

/**
 * `npm run build`: bundles what Cloud Functions runs into `functions/lib/`; with `--out DIR` into a folder of its own,
 * which then can be run like `functions/`. The SDKs of `functions/package.json` stay outside of the bundles and are
 * installed in the cloud; everything else is in them. A compile cache is made beside them and travels with the
 * deployment, which takes some 80 ms off a cold start (docs/decisions/0004-cold-start.md). Without `--out` also the console,
 * into `console/dist/`, which App Hosting runs.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const functions = values.out === undefined ? `${root}functions` : resolve(values.out);
const lib = `${functions}/lib`;

/**
 * Loads the cache before anything else is loaded; a read-only file system, or another Node, only means no cache. The
 * Firebase CLI asks what is to be deployed, everybody else calls it.
 */
const LOADER = `'use strict';
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
enableCompileCache({ directory: join(__dirname, 'compile-cache'), portable: true });
module.exports = require(process.env.FUNCTIONS_CONTROL_API === 'true' ? './deployment.js' : './serving.js');
`;

/** zod brings its messages in fifty languages and prepares them all; English, which we use, it imports by itself. */
const zodInEnglish: Plugin = {
  name: 'zod-in-english',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

const functionsPackage: { dependencies: Record<string, string> } = JSON.parse(
  await readFile(`${root}functions/package.json`, 'utf8'),
);
const external = Object.keys(functionsPackage.dependencies).flatMap((name) => [name, `${name}/*`]);
await rm(lib, { recursive: true, force: true });
await mkdir(lib, { recursive: true });
if (values.out !== undefined) await cp(`${root}functions/package.json`, `${functions}/package.json`);
await build({
  entryPoints: { serving: `${root}functions/src/index.ts`, deployment: `${root}functions/src/deployment.ts` },
  outdir: lib,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  external,
  plugins: [zodInEnglish],
  logLevel: 'warning',
});
await writeFile(`${lib}/index.js`, LOADER);
await writeFile(`${lib}/package.json`, '{ "type": "commonjs" }\n');

const warmed = spawnSync(process.execPath, [`${root}scripts/warm-compile-cache.ts`, functions], { stdio: 'inherit' });
if (warmed.status !== 0) process.exit(warmed.status ?? 1);
console.log(`Built ${lib}/index.js`);

if (values.out === undefined) {
  await buildConsole({ root, outDirectory: `${root}console/dist`, external, plugins: [zodInEnglish] });
  console.log(`Built ${root}console/dist/server.js`);
}
