import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Where the console is built from, and into what. */
export interface ConsoleBuild {
  /** The folder of the project. */
  readonly root: string;
  /** Gets `server.js` and `assets/`. */
  readonly outDirectory: string;
  /** Packages that stay outside the bundle; they are installed where it runs. */
  readonly external: readonly string[];
  readonly plugins: readonly Plugin[];
}

/**
 * Bundles the console: one file for the server, one for the browser, and the style sheet. Throws what esbuild throws.
 */
export async function buildConsole(console: ConsoleBuild): Promise<void> {
  const source = join(console.root, 'console', 'src');
  const assets = join(console.outDirectory, 'assets');
  await rm(console.outDirectory, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  await buildAssets(source, assets);
  await buildServer(source, await versionOf(assets), console);
}

async function buildAssets(source: string, assets: string): Promise<void> {
  await build({
    entryPoints: { client: join(source, 'client', 'client.ts'), style: join(source, 'style', 'index.css') },
    outdir: assets,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    format: 'esm',
    logLevel: 'warning',
  });
  await copyFile(join(source, 'icon.svg'), join(assets, 'icon.svg'));
}

async function buildServer(source: string, assetVersion: string, console: ConsoleBuild): Promise<void> {
  await build({
    entryPoints: { server: join(source, 'server.ts') },
    outdir: console.outDirectory,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    external: [...console.external],
    plugins: [...console.plugins],
    define: {
      ASSET_VERSION: JSON.stringify(assetVersion),
      // App Hosting gives the project's web app to the build, not to the running console.
      BUILT_WEBAPP_CONFIG: JSON.stringify(process.env['FIREBASE_WEBAPP_CONFIG'] ?? ''),
    },
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    logLevel: 'warning',
  });
}

async function versionOf(assets: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['client.js', 'style.css', 'icon.svg']) hash.update(await readFile(join(assets, name)));
  return hash.digest('hex').slice(0, 12);
}
