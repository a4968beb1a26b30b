import { describe, expect, test } from 'vitest';
import { csvLine } from './csv.ts';

describe('a cell of a CSV file', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u202e=1', '＝1', '\n=1'])(
    '%j is no formula',
    (text) => {
      expect(csvLine([text])).toMatch(/^"'/);
    },
  );

  test('keeps commas, quotes and lines inside it', () => {
    expect(csvLine(['a,b', 'say "x"', 'two\nlines', 'plain'])).toBe('"a,b","say ""x""","two\nlines",plain\r\n');
  });

  test('that is a number stays one, also below zero; what is not there is empty', () => {
    expect(csvLine([-1.5, null, undefined, 0])).toBe('-1.5,,,0\r\n');
  });
});
