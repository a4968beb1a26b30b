import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choose } from './choose.ts';
import type { Tried } from './outcome.ts';
import { tryAll } from './try-all.ts';

const FILE = 'functions/src/core/late.ts';
const PROJECT = {
  'package.json': '{ "name": "tiny", "type": "module", "imports": {} }',
  [FILE]: `export function isLate(nowMs: number, untilMs: number): boolean {
  return nowMs > untilMs;
}
export function wait(rounds: number): number {
  let done = 0;
  while (done < rounds) done += 1;
  return done;
}
export const UNTESTED = 7;
`,
  'functions/src/core/late.test.ts': `import { expect, test } from 'vitest';
import { isLate, wait } from './late.ts';
test('It is late only after the end', () => {
  expect(isLate(2, 2)).toBe(false);
});
test('It waits', () => {
  expect(wait(3)).toBe(3);
});
`,
  'functions/src/core/flaky.test.ts': `import { expect, test } from 'vitest';
import './late.ts';
test('This never holds', () => {
  expect(1).toBe(2);
});
`,
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mutants-'));
  for (const [path, text] of Object.entries(PROJECT)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await symlink(join(import.meta.dirname, '..', '..', 'node_modules'), join(root, 'node_modules'));
});
afterEach(() => rm(root, { recursive: true }));

test(
  'Bugs are planted in a copy of a project, its tests run with each, and nothing is left behind',
  { timeout: 90_000 },
  async () => {
    const candidates = choose(root, { only: [], files: [`${FILE}:2`, `${FILE}:9`], seed: 1, count: 10 });
    const wanted = candidates.filter(({ mutant }) => ['boundary', 'number'].includes(mutant.kind));
    const ended: Tried[] = [];
    const before = await readdir(tmpdir());

    const { tried, distrusted } = await tryAll({
      root,
      candidates: wanted,
      count: 2,
      nearLimitMs: 20_000,
      wideLimitMs: 20_000,
      lanes: 1,
      env: { PATH: process.env['PATH'] },
      signal: new AbortController().signal,
      onBegin: () => undefined,
      onEnd: (one) => ended.push(one),
    });

    const outcomes = Object.fromEntries(tried.map(({ mutant, outcome }) => [mutant.kind, outcome]));
    expect(outcomes).toEqual({
      boundary: {
        status: 'named',
        test: 'functions/src/core/late.test.ts',
        sentence: 'It is late only after the end',
      },
      number: { status: 'survived', ran: ['functions/src/core/late.test.ts'], left: [] },
    });
    expect(ended).toHaveLength(2);
    expect(distrusted).toEqual(['functions/src/core/flaky.test.ts']);
    expect(await readFile(join(root, FILE), 'utf8')).toBe(PROJECT[FILE]);
    const left = (await readdir(tmpdir())).filter((name) => !before.includes(name));
    expect(left.filter((name) => name.startsWith('playbook-mutants-'))).toEqual([]);
  },
);
