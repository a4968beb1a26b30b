import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { buildConsole } from './build-console.ts';
import { BUILT_CONSOLE, BUILT_FUNCTIONS, isCurrent, ROOT } from './build-state.ts';
import { inBuildFolder } from './build-folder.ts';
import { replaceFolder } from './replace-folder.ts';

/**
 * `npm run build`: bundles what Cloud Functions runs into `functions/lib/`; with `--out DIR` into a folder of its own,
 * which then can be run like `functions/`. The SDKs of `functions/package.json` stay outside of the bundles and are
 * installed in the cloud; everything else is in them. A compile cache is made beside them and travels with the
 * deployment, which takes some 80 ms off a cold start (docs/decisions/0004-cold-start.md). Without `--out` also the console,
 * into `console/dist/`, which App Hosting runs. Several at once build one after the other, and what runs meanwhile finds
 * what was built before; `--if-stale` builds nothing where everything is newer than its source.
 */
const { values } = parseArgs({ options: { out: { type: 'string' }, 'if-stale': { type: 'boolean' } } });

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
  await readFile(join(ROOT, 'functions', 'package.json'), 'utf8'),
);
const external = Object.keys(functionsPackage.dependencies).flatMap((name) => [name, `${name}/*`]);

if (values.out === undefined) await inBuildFolder(buildAll);
else {
  const out = resolve(values.out);
  await buildFunctions(out);
  await cp(join(ROOT, 'functions', 'package.json'), join(out, 'package.json'));
  console.log(`Built ${join(out, 'lib', 'index.js')}`);
}

async function buildAll(folder: string): Promise<void> {
  if (values['if-stale'] === true && (await isCurrent())) return;
  const asOf = new Date();
  const consoleFolder = join(folder, 'console');
  await buildFunctions(folder);
  await buildConsole({ root: `${ROOT}/`, outDirectory: consoleFolder, external, plugins: [zodInEnglish] });
  await replaceFolder(join(folder, 'lib'), BUILT_FUNCTIONS, asOf);
  await replaceFolder(consoleFolder, BUILT_CONSOLE, asOf);
  console.log(`Built ${join(BUILT_FUNCTIONS, 'index.js')}`);
  console.log(`Built ${join(BUILT_CONSOLE, 'server.js')}`);
}

/** Into `lib/` of a folder. */
async function buildFunctions(folder: string): Promise<void> {
  const lib = join(folder, 'lib');
  const source = join(ROOT, 'functions', 'src');
  await rm(lib, { recursive: true, force: true });
  await mkdir(lib, { recursive: true });
  await build({
    entryPoints: { serving: join(source, 'index.ts'), deployment: join(source, 'deployment.ts') },
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
  await writeFile(join(lib, 'index.js'), LOADER);
  await writeFile(join(lib, 'package.json'), '{ "type": "commonjs" }\n');
  const warm = join(ROOT, 'scripts', 'warm-compile-cache.ts');
  const warmed = spawnSync(process.execPath, [warm, folder], { stdio: 'inherit' });
  if (warmed.status !== 0) throw new Error('What was built does not run; its words are above.');
}
