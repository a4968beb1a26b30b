import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { recordingTerminal } from '../terminal/recording-terminal.ts';
import { main } from './mutants.ts';

const Listed = z.object({ seed: z.number(), mutants: z.array(z.object({ file: z.string(), line: z.number() })) });

async function call(...argv: readonly string[]) {
  const terminal = recordingTerminal();
  return { code: await main(argv, terminal), text: terminal.text() };
}

describe('npm run mutants', () => {
  test('lists bugs without running a test: each with its file, line and change', async () => {
    const { code, text } = await call('--list', '--file', 'functions/src/engine/claim/lease.ts', '--seed', '1');

    expect(code).toBe(0);
    expect(text).toMatch(/^Seed 1: \d+ bugs to plant\.$/m);
    expect(text).toMatch(/^functions\/src\/engine\/claim\/lease\.ts:\d+ {2}boundary\n {2}- .*<=.*\n {2}\+ .*<[^=]/m);
  });

  test('draws a seed, and shows it, so that the same bugs can be planted again', async () => {
    const { text } = await call('--list', '--only', 'engine/claim', '--count', '4', '--json');
    const first = Listed.parse(JSON.parse(text));
    const again = await call(
      '--list',
      '--only',
      'engine/claim',
      '--count',
      '4',
      '--json',
      '--seed',
      String(first.seed),
    );

    expect(first.mutants).toHaveLength(4);
    expect(Listed.parse(JSON.parse(again.text))).toEqual(first);
  });

  test('plants bugs only in the areas, files and lines that are given', async () => {
    const ofArea = await call('--list', '--json', '--only', 'engine/claim', '--only', 'scripts/cloud', '--count', '40');
    const folders = Listed.parse(JSON.parse(ofArea.text)).mutants.map(({ file }) => file.replace(/\/[^/]*$/, ''));
    expect(new Set(folders)).toEqual(new Set(['functions/src/engine/claim', 'scripts/cloud']));

    const ofLine = await call('--list', '--json', '--file', 'functions/src/engine/claim/lease.ts:17');
    const lines = Listed.parse(JSON.parse(ofLine.text)).mutants.map(({ line }) => line);
    expect(new Set(lines)).toEqual(new Set([17]));
  });

  test.each([
    [['--only', 'engin'], "No product code is in 'engin'. Did you mean 'engine'?"],
    [['--file', 'functions/src/core/jsn.ts'], "No product code is in 'functions/src/core/jsn.ts'. Did you mean"],
    [['--file', 'functions/src/engine/claim/lease.test.ts'], 'No product code is in'],
    [['--file', 'functions/src/engine/claim/lease.ts:1'], 'There is no place for a bug there.'],
    [['--count', 'many'], "--count 'many' is not a whole number."],
    [['--at-least', '9.5', '--only', 'engine/claim'], "--at-least '9.5' is not a whole number."],
  ])('refuses %j', async (argv, message) => {
    const { code, text } = await call('--list', ...argv);

    expect(code).toBe(1);
    expect(text).toContain(message);
  });
});
