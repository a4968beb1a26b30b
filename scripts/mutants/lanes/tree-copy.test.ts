import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyTree, readTree, type TreeCopy } from './tree-copy.ts';

let folder: string;
let original: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  original = join(folder, 'original');
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(original, path)), { recursive: true });
    await writeFile(join(original, path), text);
  }
}

function copied(): TreeCopy {
  return copyTree(readTree(original), original, join(folder, 'copy'));
}

describe('a copy of the project', () => {
  test('has its files, and the packages that are installed', async () => {
    await write({ 'a/b.ts': 'code', '.hidden': 'too', 'node_modules/c/index.js': 'package' });
    const { root } = copied();

    expect(await readFile(join(root, 'a/b.ts'), 'utf8')).toBe('code');
    expect(await readFile(join(root, '.hidden'), 'utf8')).toBe('too');
    expect(await readFile(join(root, 'node_modules/c/index.js'), 'utf8')).toBe('package');
  });

  test.each([
    '.git/HEAD',
    '.data/x',
    'functions/lib/index.js',
    'console/dist/a.js',
    '.env',
    '.env.local',
    'a/.secret.local',
  ])('has no %s', async (file) => {
    await write({ [file]: 'x', 'a.ts': '', '.env.example': 'y' });
    const { root } = copied();

    expect(existsSync(join(root, file))).toBe(false);
    expect(existsSync(join(root, '.env.example'))).toBe(true);
  });

  test('takes a bug in and out, and leaves the original alone', async () => {
    await write({ 'a.ts': 'code' });
    const copy = copied();
    copy.plant('a.ts', 'bug');
    expect(await readFile(join(copy.root, 'a.ts'), 'utf8')).toBe('bug');
    expect(await readFile(join(original, 'a.ts'), 'utf8')).toBe('code');

    expect(copy.restore()).toEqual(['a.ts']);
    expect(await readFile(join(copy.root, 'a.ts'), 'utf8')).toBe('code');
    expect(copy.restore()).toEqual([]);
  });

  test('is repaired after tests have changed or deleted files', async () => {
    await write({ 'a/b.ts': 'code', 'c.ts': 'code', 'd.ts': 'code' });
    const copy = copied();
    await rm(join(copy.root, 'a'), { recursive: true });
    await writeFile(join(copy.root, 'c.ts'), 'damaged');

    expect(copy.restore()).toEqual(['a/b.ts', 'c.ts']);
    expect(await readFile(join(copy.root, 'a/b.ts'), 'utf8')).toBe('code');
    expect(await readFile(join(copy.root, 'c.ts'), 'utf8')).toBe('code');
  });

  test('is newer after a bug was taken out, so that what was built with it is built again', async () => {
    await write({ 'a.ts': 'code' });
    const copy = copied();
    copy.plant('a.ts', 'bug');
    const { mtimeMs } = await stat(join(copy.root, 'a.ts'));
    copy.restore();

    expect((await stat(join(copy.root, 'a.ts'))).mtimeMs).toBeGreaterThanOrEqual(mtimeMs);
  });
});
