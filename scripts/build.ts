import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
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
 * The Firebase CLI asks what is to be deployed, in one of two ways and with whatever Node it runs on; everybody else calls
 * it. For those, the cache is loaded before anything else. A read-only file system, or another Node, only means no cache.
 */
const LOADER = `'use strict';
const { FUNCTIONS_CONTROL_API, FUNCTIONS_MANIFEST_OUTPUT_PATH } = process.env;
if (FUNCTIONS_CONTROL_API === 'true' || FUNCTIONS_MANIFEST_OUTPUT_PATH) {
  module.exports = require('./deployment.js');
} else {
  try {
    const directory = require('node:path').join(__dirname, 'compile-cache');
    require('node:module').enableCompileCache({ directory, portable: true });
  } catch {}
  module.exports = require('./serving.js');
}
`;
/** The oldest Node that the Firebase CLI may run on. */
const DISCOVERY_TARGET = 'node20';

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
const bundling: BuildOptions = {
  outdir: lib,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  external,
  plugins: [zodInEnglish],
  logLevel: 'warning',
};
await build({ ...bundling, entryPoints: { serving: `${root}functions/src/index.ts` }, target: 'node24' });
await build({
  ...bundling,
  entryPoints: { deployment: `${root}functions/src/deployment.ts` },
  target: DISCOVERY_TARGET,
});
await writeFile(`${lib}/index.js`, LOADER);
await writeFile(`${lib}/package.json`, '{ "type": "commonjs" }\n');

await warmCompileCache();
console.log(`Built ${lib}/index.js`);

if (values.out === undefined) {
  await buildConsole({ root, outDirectory: `${root}console/dist`, external, plugins: [zodInEnglish] });
  console.log(`Built ${root}console/dist/server.js`);
}

/**
 * Where it is done is written into the cache: as a path relative to it, by which the cloud finds what it needs, and as an
 * absolute one. So what is deployed is warmed in a copy that lies as it will lie in the cloud, the packages beside `lib/`,
 * and under a name that says nothing of this machine.
 */
async function warmCompileCache(): Promise<void> {
  if (values.out !== undefined) {
    warm([functions]);
    return;
  }
  const copy = await mkdtemp(join(tmpdir(), 'playbook-functions-'));
  await cp(lib, join(copy, 'lib'), { recursive: true });
  await cp(`${functions}/package.json`, join(copy, 'package.json'));
  await symlink(`${root}node_modules`, join(copy, 'node_modules'), 'junction');
  warm([copy], ['--preserve-symlinks']);
  await cp(join(copy, 'lib', 'compile-cache'), `${lib}/compile-cache`, { recursive: true });
  await rm(copy, { recursive: true });
}

function warm(argv: readonly string[], options: readonly string[] = []): void {
  const script = `${root}scripts/warm-compile-cache.ts`;
  const warmed = spawnSync(process.execPath, [...options, script, ...argv], { stdio: 'inherit' });
  if (warmed.status !== 0) process.exit(warmed.status ?? 1);
}
