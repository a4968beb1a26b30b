import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replaceFolder } from './replace-folder.ts';

const AS_OF = new Date('2026-11-20T14:00:00Z');
const ROUNDS = 200;
const BYTES = 200_000;
let folder: string;
let to: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'));
  to = join(folder, 'to');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with these files. */
function filled(files: Readonly<Record<string, string>>): string {
  const from = mkdtempSync(join(folder, 'from-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(from, name, '..'), { recursive: true });
    writeFileSync(join(from, name), text);
  }
  return from;
}

test('a replaced folder contains the files of the other and nothing else, with the given age', async () => {
  await replaceFolder(filled({ 'a.js': 'old', 'deep/er/b.js': 'old', 'deep/gone.js': 'old' }), to, AS_OF);
  const from = filled({ 'a.js': 'new', 'deep/er/b.js': 'new' });

  await replaceFolder(from, to, AS_OF);

  expect(readFileSync(join(to, 'a.js'), 'utf8')).toBe('new');
  expect(readdirSync(join(to, 'deep'))).toEqual(['er']);
  expect(readFileSync(join(to, 'deep', 'er', 'b.js'), 'utf8')).toBe('new');
  expect(statSync(join(to, 'a.js')).mtime).toEqual(AS_OF);
  expect(readdirSync(folder)).not.toContain(from);
});

test('a reader of a file that is being replaced finds it, complete', async () => {
  await replaceFolder(filled({ 'a.js': '0'.repeat(BYTES) }), to, AS_OF);
  let replacing = true;
  const wrong: string[] = [];
  async function readAgainAndAgain(): Promise<void> {
    while (replacing) {
      const text = await readFile(join(to, 'a.js'), 'utf8').catch(String);
      if (text !== text.charAt(0).repeat(BYTES)) wrong.push(text.slice(0, 80));
    }
  }
  const reading = Promise.all([readAgainAndAgain(), readAgainAndAgain()]);

  for (let round = 1; round <= ROUNDS; round += 1) {
    await replaceFolder(filled({ 'a.js': String(round % 10).repeat(BYTES) }), to, AS_OF);
  }
  replacing = false;
  await reading;
  expect(wrong).toEqual([]);
});
