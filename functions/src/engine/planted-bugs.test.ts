import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PLANTED_BUGS } from '#testing/simulation/planted-bugs.ts';

const PROGRAM = fileURLToPath(new URL('../testing/simulation/find-planted-bugs.ts', import.meta.url));
const TIMEOUT_MS = 300_000;
const Found = z.object({ bug: z.string(), seed: z.number().nullable() });

describe('the simulation', () => {
  const seeds = new Map<string, number | null>();

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { timeout: TIMEOUT_MS });
    for (const line of stdout.trim().split('\n')) {
      const { bug, seed } = Found.parse(JSON.parse(line));
      seeds.set(bug, seed);
    }
  }, TIMEOUT_MS);

  test.each(PLANTED_BUGS.map(({ name }) => name))('finds %s', (name) => {
    expect(seeds.get(name)).toEqual(expect.any(Number));
  });
});
