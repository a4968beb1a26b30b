import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/ensure-built.ts';

const ASSETS = join(import.meta.dirname, '..', 'dist', 'assets');
const MOST_BYTES = 30_000;

test('a browser loads at most 30 kB in all, compressed, before it has everything', { timeout: 60_000 }, async () => {
  await ensureBuilt();
  const names = readdirSync(ASSETS);
  expect(names.toSorted()).toEqual(['client.js', 'icon.svg', 'style.css']);
  const bytes = names.map((name) => gzipSync(readFileSync(join(ASSETS, name))).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});
