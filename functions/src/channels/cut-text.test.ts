import { describe, expect, test } from 'vitest';
import { cutToGraphemes, oneLine } from './cut-text.ts';

describe('cutting text', () => {
  test('leaves what fits', () => {
    expect(cutToGraphemes('abc', 3)).toBe('abc');
  });

  test('ends what does not fit with an ellipsis, within the limit', () => {
    expect(cutToGraphemes('abcd', 3)).toBe('ab…');
  });

  test.each([
    ['a family', '👨‍👩‍👧‍👦'],
    ['a flag', '🇩🇪'],
    ['a letter with marks', 'ẍ̂'],
    ['Hangul', '한'],
  ])('never halves %s', (_name, letter) => {
    expect(cutToGraphemes(letter.repeat(10), 5)).toBe(`${letter.repeat(4)}…`);
    expect(cutToGraphemes(letter.repeat(5), 5)).toBe(letter.repeat(5));
  });

  test('holds a name of ten thousand characters', () => {
    expect(cutToGraphemes('x'.repeat(10_000), 200)).toHaveLength(200);
  });

  test('keeps within a length that counts as JavaScript does', () => {
    expect(cutToGraphemes('👨‍👩‍👧‍👦'.repeat(10), 200, 30)).toBe('👨‍👩‍👧‍👦👨‍👩‍👧‍👦…');
  });

  test('is not held up by one letter with a million marks', () => {
    expect(cutToGraphemes(`a${'\u0301'.repeat(1_000_000)}`, 200).length).toBeLessThan(7000);
  });
});

describe('a subject of one line', () => {
  test.each([
    ['Hello\r\nBcc: all@evil.example', 'Hello Bcc: all@evil.example'],
    ['a\nb\tc\0d', 'a b c d'],
    ['a\u2028b\u2029c', 'a b c'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['\x1b[31mred', '[31mred'],
    ['  much   space  ', 'much space'],
    ['👨‍👩‍👧 family', '👨‍👩‍👧 family'],
    ['שלום', 'שלום'],
    ['a\ud800', 'a\ufffd'],
  ])('%j becomes %j', (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });
});
