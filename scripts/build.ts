import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * `npm run build`: bundles what Cloud Functions runs into `functions/lib/`. The SDKs of `functions/package.json` stay
 * outside of the bundle and are installed in the cloud; everything else is in it. A compile cache is made beside it and
 * travels with the deployment, which takes some 80 ms off a cold start (docs/decisions/0004-cold-start.md).
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const lib = `${root}functions/lib`;

/** Loads the cache before anything else is loaded; a read-only file system, or another Node, only means no cache. */
const LOADER = `'use strict';
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
enableCompileCache({ directory: join(__dirname, 'compile-cache'), portable: true });
module.exports = require('./main.js');
`;

const functionsPackage: { dependencies: Record<string, string> } = JSON.parse(
  await readFile(`${root}functions/package.json`, 'utf8'),
);
await rm(lib, { recursive: true, force: true });
await mkdir(lib, { recursive: true });
await build({
  entryPoints: [`${root}functions/src/index.ts`],
  outfile: `${lib}/main.js`,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  external: Object.keys(functionsPackage.dependencies).flatMap((name) => [name, `${name}/*`]),
  logLevel: 'warning',
});
await writeFile(`${lib}/index.js`, LOADER);
await writeFile(`${lib}/package.json`, '{ "type": "commonjs" }\n');

const warmed = spawnSync(process.execPath, [`${root}scripts/warm-compile-cache.ts`], { stdio: 'inherit' });
if (warmed.status !== 0) process.exit(warmed.status ?? 1);
console.log('Built functions/lib/index.js');
