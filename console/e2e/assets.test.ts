import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/building/ensure-built.ts';

const ASSETS = join(import.meta.dirname, '..', 'dist', 'assets');
const MOST_BYTES = 30_000;

test('a browser loads at most 30 kB in all, compressed, before it has everything', { timeout: 60_000 }, async () => {
  await ensureBuilt();
  const names = readdirSync(ASSETS);
  expect(names.toSorted()).toEqual(['client.js', 'icon.svg', 'style.css']);
  const bytes = names.map((name) => gzipSync(readFileSync(join(ASSETS, name))).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

test(
  'what App Hosting starts needs only what it installs: no package but the dependencies',
  { timeout: 60_000 },
  async () => {
    await ensureBuilt();
    const root = join(import.meta.dirname, '..', '..');
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const server = readFileSync(join(root, 'console', 'dist', 'server.js'), 'utf8');
    const imported = Array.from(
      server.matchAll(/(?:\bfrom ?|^import ?|\bimport\()"((?:@[a-z0-9-]+\/)?[a-z][a-z0-9._-]*)[^"]*"/gm),
      ([, name = '']) => name,
    );
    const packages = [...new Set(imported)].filter((name) => !builtinModules.includes(name) && name !== 'node');

    expect(packages).toContain('firebase-admin');
    expect(packages.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  },
);
