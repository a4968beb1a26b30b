import { describe, expect, test } from 'vitest';
import { aligned, columnsOf, counted, shortened, withoutCommands } from './text-layout.ts';
import { durationInWords } from '#core/duration.ts';

describe('columns', () => {
  test.each([
    ['letters', 'health', 6],
    ['an emoji', '🏥', 2],
    ['an emoji of several code points', '👩‍🔬', 2],
    ['a flag', '🇩🇪', 2],
    ['CJK', '健康', 4],
    ['a separate accent', 'e\u0301', 1],
    ['colours', '\u001b[32m✓\u001b[39m', 1],
  ])('are counted as a terminal shows them: %s', (_, text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  test('are aligned, however wide their characters are', () => {
    const table = aligned([
      ['🏥', 'Health', 'x'],
      ['ab', '健康', 'y'],
    ]);

    expect(table).toBe('🏥  Health  x\nab  健康    y');
  });
});

describe('a table that is wider than the terminal', () => {
  const rows = [
    ['Data', '/home/ann/playbooks/.data'],
    ['', 'Demo company', 'new, 3616 documents; its integrations answer'],
  ];

  test('is folded row by row, the last cell between its words', () => {
    expect(aligned(rows, ' ', 32)).toBe(
      [
        ' Data  /home/ann/playbooks/.data',
        ' Demo company  new, 3616',
        '     documents; its integrations',
        '     answer',
      ].join('\n'),
    );
  });

  test('keeps what people copy in one piece', () => {
    const command = 'npm run playbook -- show ops_churn_prevention_manual_1';
    expect(aligned([[command, 'Churn']], '  ', 40).split('\n')).toEqual([`  ${command}`, '      Churn']);
  });

  test.each([
    [20, 'ab  abcdefghijklmnop'],
    [undefined, `ab  ${'x '.repeat(99)}x`],
  ])('stays a table where it fits into %j columns', (columns, line) => {
    expect(aligned([line.split('  ')], '', columns)).toBe(line);
  });

  test.each([1, 10, 37, 60])('loses nothing in %i columns', (columns) => {
    expect(aligned(rows, '', columns).split(/\s+/).join(' ')).toBe(rows.flat().join(' ').replace(/\s+/g, ' '));
  });
});

describe('a shortened text', () => {
  test('stays unchanged if it fits', () => {
    expect(shortened('all is well', 11)).toBe('all is well');
  });

  test('is cut between graphemes, never inside one', () => {
    expect(shortened('ab👩‍🔬cd', 4)).toBe('ab…');
  });

  test('is one line, and writes out control characters', () => {
    expect(shortened('one\n\ttwo\u001b[2J\u0007\u202e', 20)).toBe('one two\\u0007\\u202e');
  });
});

test('a cell of a table shows hidden characters, and leaves emoji unchanged', () => {
  expect(aligned([['a\u202eb', '👩‍🔬', 'c\u{e0041}']])).toBe('a\\u202eb  👩‍🔬  c\\udb40\\udc41');
});

test('a text of many lines keeps its colours, and its control characters are written out', () => {
  const text = '\u001b[31mfailed:\u001b[39m\n\tGmail\u001b[2J\u001b]0;owned\u0007\u009b2J\r\u202e';
  expect(withoutCommands(text)).toBe(
    '\u001b[31mfailed:\u001b[39m\n\tGmail\\u001b[2J\\u001b]0;owned\\u0007\\u009b2J\\u000d\\u202e',
  );
});

test.each([
  [340, '340 ms'],
  [2_345, '2.3 s'],
  [59_960, '1 min'],
  [250_000, '4 min 10 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms is shown as %s', (durationMs, words) => {
  expect(durationInWords(durationMs)).toBe(words);
});

test.each([
  [0, '0 playbooks'],
  [1, '1 playbook'],
  [2, '2 playbooks'],
])('%i is counted as %s', (count, words) => {
  expect(counted(count, 'playbook')).toBe(words);
});
