import { describe, expect, test } from 'vitest';
import type { CaseResult } from './round.ts';
import { figuresOf, replayOf, summaryTable } from './summary.ts';

const sound: CaseResult = {
  database: 'sqlite',
  scenario: 'boundary-kills',
  number: 3,
  fault: { kind: 'kill', at: 4 },
  tookMs: 900,
  kills: 1,
  repeats: 1,
  violations: [],
};
const broken: CaseResult = {
  ...sound,
  scenario: 'freezes',
  repeats: 0,
  violations: [{ promise: 'overwrites', seen: 'the record changed after it had ended' }],
};

describe('the summary', () => {
  test('adds up kills, repeats and every broken promise', () => {
    expect(figuresOf([sound, broken, broken])).toMatchObject({
      cases: 3,
      kills: 3,
      'raw repeats': 1,
      overwrites: 2,
      lost: 0,
    });
  });

  test('has a row for each scenario of a database, and one for all', () => {
    const rows = summaryTable([sound, broken]).split('\n');

    expect(rows.map((row) => row.slice(0, 21).trim())).toEqual(['', 'sqlite boundary-kills', 'sqlite freezes', 'all']);
  });

  test('names the command that repeats a case, with what the round depended on', () => {
    expect(replayOf(broken, { seed: 7, kills: 60, isShort: false })).toBe(
      'npm run chaos -- --seed 7 --kills 60 --database sqlite --only freezes --case 3',
    );
    expect(replayOf(sound, { seed: 7, kills: 10, isShort: true })).toBe(
      'npm run chaos -- --seed 7 --short --kills 10 --database sqlite --only boundary-kills --case 3',
    );
  });
});
