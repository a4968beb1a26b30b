import { readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const Dependencies = z.record(z.string(), z.string());

/** What lies in the bundle: pure code, which needs nothing of its own folder when it runs. */
const BUNDLED = ['@bufbuild/cel', 'croner', 'ipaddr.js', 'markdown-it', 'zod'];

/** firebase-admin loads it as an optional package; named, so that it is there, and in the version that we test with. */
const LOADED_BY_FIREBASE_ADMIN = '@google-cloud/firestore';

function read<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  return schema.parse(JSON.parse(readFileSync(join(ROOT, file), 'utf8')));
}

const root = read('package.json', z.object({ dependencies: Dependencies, devDependencies: Dependencies }));
const deployed = read('functions/package.json', z.object({ dependencies: Dependencies }));
const lock = read(
  'functions/package-lock.json',
  z.object({
    packages: z.record(z.string(), z.object({ version: z.string().optional(), dependencies: Dependencies.optional() })),
  }),
);

/** The packages that the deployed code imports, by asking the bundler. */
async function importedPackages(): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: ['index.ts', 'deployment.ts'].map((file) => join(ROOT, 'functions', 'src', file)),
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const paths = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const packages = paths.filter((path) => !path.startsWith('node:') && !path.startsWith('.'));
  return [
    ...new Set(
      packages.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ];
}

describe('functions/package.json', () => {
  test('names exactly the packages that the bundle leaves outside', async () => {
    const imported = await importedPackages();

    const outside = imported.filter((name) => !BUNDLED.includes(name));
    expect(Object.keys(deployed.dependencies).toSorted()).toEqual([...outside, LOADED_BY_FIREBASE_ADMIN].toSorted());
    expect(BUNDLED.filter((name) => !imported.includes(name))).toEqual([]);
  });

  test('names the versions that everything is tested with', () => {
    const tested = Object.keys(deployed.dependencies).map((name) => [name, root.dependencies[name]]);

    expect(Object.entries(deployed.dependencies)).toEqual(tested);
  });

  test('is what its lock file was made from', () => {
    expect(lock.packages['']?.dependencies).toEqual(deployed.dependencies);
    const locked = Object.keys(deployed.dependencies).map((name) => [
      name,
      lock.packages[`node_modules/${name}`]?.version,
    ]);
    expect(Object.entries(deployed.dependencies)).toEqual(locked);
  });
});

describe('the source that is sent to be built', () => {
  const { functions } = read(
    'firebase.json',
    z.object({ functions: z.tuple([z.object({ ignore: z.array(z.string()) })]) }),
  );
  const isSent = (name: string): boolean => !functions[0].ignore.some((pattern) => matchesGlob(name, pattern));

  test.each(['.env', '.env.local', '.env.my-project', '.secret.local', '.secret.local.example', 'src', 'node_modules'])(
    'is without %s',
    (name) => {
      expect(isSent(name)).toBe(false);
    },
  );

  test.each(['package.json', 'package-lock.json', 'lib'])('is with %s', (name) => {
    expect(isSent(name)).toBe(true);
  });
});
