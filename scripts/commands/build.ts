import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { buildConsole } from '../building/build-console.ts';
import { BUILT_CONSOLE, BUILT_FUNCTIONS, isCurrent, ROOT } from '../building/build-state.ts';
import { inBuildFolder } from '../building/build-folder.ts';
import { replaceFolder } from '../building/replace-folder.ts';
import { runCommand } from '../terminal/command-line.ts';
import { processTerminal } from '../terminal/terminal.ts';

/**
 * `npm run build`: bundles what Cloud Functions runs into `functions/lib/`; with `--out DIR` into a separate folder,
 * which can then be run like `functions/`. The SDKs in `functions/package.json` stay outside the bundles and are
 * installed in the cloud; everything else is bundled. A compile cache is made next to the bundles and deployed with
 * them, which takes some 80 ms off a cold start (docs/decisions/0004-cold-start.md). Without `--out`, also builds the
 * console into `console/dist/`, which App Hosting runs. Concurrent builds run one after the other, and until one ends,
 * readers find the previous build; `--if-stale` builds nothing if every output is newer than its source.
 */
const command = {
  name: 'npm run build --',
  summary: 'Writes functions/lib/ and console/dist/, which are deployed.',
  options: {
    out: { value: 'DIR', help: 'Writes only the function, into DIR/lib/. DIR must be inside this project.' },
    'if-stale': { help: 'Writes nothing if everything written is newer than its source.' },
  },
} as const;

/**
 * The Firebase CLI loads the bundle to find out what to deploy, in one of two ways and with whatever Node it runs on;
 * every other caller runs it. For those, the cache is loaded first. With a read-only file system or another Node
 * version, there is simply no cache.
 */
const LOADER = `'use strict';
const { FUNCTIONS_CONTROL_API, FUNCTIONS_MANIFEST_OUTPUT_PATH } = process.env;
if (FUNCTIONS_CONTROL_API === 'true' || FUNCTIONS_MANIFEST_OUTPUT_PATH) {
  module.exports = require('./deployment.js').endpoints;
} else {
  try {
    const directory = require('node:path').join(__dirname, 'compile-cache');
    require('node:module').enableCompileCache({ directory, portable: true });
  } catch {}
  module.exports = require('./serving.js');
}
`;
/** The oldest Node the Firebase CLI may run on. */
const DISCOVERY_TARGET = 'node20';

/** zod prepares its messages in fifty languages; English, the only one we use, it imports itself. */
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

process.exitCode = await runCommand<keyof typeof command.options>(
  command,
  process.argv.slice(2),
  processTerminal(),
  async (given) => {
    const out = given.text('out');
    if (out === undefined) await inBuildFolder((folder) => buildAll(folder, given.flag('if-stale')));
    else await buildFunctionsInto(resolve(out));
    return 0;
  },
);

async function buildFunctionsInto(out: string): Promise<void> {
  await bundleFunctions(out);
  await cp(join(ROOT, 'functions', 'package.json'), join(out, 'package.json'));
  warm(out);
  console.log(`Built ${join(out, 'lib', 'index.js')}`);
}

async function buildAll(folder: string, onlyIfStale: boolean): Promise<void> {
  if (onlyIfStale && (await isCurrent())) return;
  const asOf = new Date();
  const consoleFolder = join(folder, 'console');
  await bundleFunctions(folder);
  await warmAsInTheCloud(join(folder, 'lib'));
  await buildConsole({ root: `${ROOT}/`, outDirectory: consoleFolder, external, plugins: [zodInEnglish] });
  await replaceFolder(join(folder, 'lib'), BUILT_FUNCTIONS, asOf);
  await replaceFolder(consoleFolder, BUILT_CONSOLE, asOf);
  console.log(`Built ${join(BUILT_FUNCTIONS, 'index.js')}`);
  console.log(`Built ${join(BUILT_CONSOLE, 'server.js')}`);
}

/** Bundles into `lib/` of a folder. */
async function bundleFunctions(folder: string): Promise<void> {
  const lib = join(folder, 'lib');
  const source = join(ROOT, 'functions', 'src');
  await rm(lib, { recursive: true, force: true });
  await mkdir(lib, { recursive: true });
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
  await build({ ...bundling, entryPoints: { serving: join(source, 'index.ts') }, target: 'node24' });
  const deployment = { deployment: join(source, 'deployment.ts') };
  await build({ ...bundling, entryPoints: deployment, target: DISCOVERY_TARGET });
  await writeFile(join(lib, 'index.js'), LOADER);
  await writeFile(join(lib, 'package.json'), '{ "type": "commonjs" }\n');
}

/**
 * The cache contains the path of the folder it was made in: as a relative path, by which the cloud finds its entries,
 * and as an absolute one. So the cache is made in a copy laid out like the cloud, with the packages next to `lib/`,
 * under a name that reveals nothing about this machine.
 */
async function warmAsInTheCloud(lib: string): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'playbook-functions-'));
  await cp(lib, join(copy, 'lib'), { recursive: true });
  await cp(join(ROOT, 'functions', 'package.json'), join(copy, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  warm(copy, ['--preserve-symlinks']);
  await cp(join(copy, 'lib', 'compile-cache'), join(lib, 'compile-cache'), { recursive: true });
  await rm(copy, { recursive: true });
}

function warm(folder: string, options: readonly string[] = []): void {
  const script = join(ROOT, 'scripts', 'building', 'warm-compile-cache.ts');
  const warmed = spawnSync(process.execPath, [...options, script, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (warmed.status !== 0) throw new Error('The built function does not run; its output is above.');
}
