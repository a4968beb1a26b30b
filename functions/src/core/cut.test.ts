import { describe, expect, test } from 'vitest';
import { cut, cutTo, startOf } from './cut.ts';

const FAMILY = '👨‍👩‍👧‍👦';

describe('cutting text', () => {
  test('leaves what fits', () => {
    expect(cut('abc', 3)).toBe('abc');
  });

  test('ends what does not fit with an ellipsis, within the limit', () => {
    expect(cut('abcd', 3)).toBe('ab…');
  });

  test.each([
    ['a family', FAMILY],
    ['a flag', '🇩🇪'],
    ['a letter with marks', 'ẍ̂'],
    ['Hangul', '한'],
    ['an emoji', '🏥'],
  ])('never halves %s', (_name, letter) => {
    expect(cut(letter.repeat(10), 10_000, 5)).toBe(`${letter.repeat(4)}…`);
    expect(cut(letter.repeat(5), 10_000, 5)).toBe(letter.repeat(5));
    for (let maxChars = 1; maxChars <= 3 * letter.length; maxChars += 1) {
      const kept = cut(letter.repeat(3), maxChars);
      const letters = Math.floor((maxChars - 1) / letter.length);
      expect(kept).toBe(maxChars === 3 * letter.length ? letter.repeat(3) : `${letter.repeat(letters)}…`);
    }
  });

  test('counts as JavaScript does, and as people do where that is asked for, too', () => {
    expect(cut(FAMILY.repeat(10), 30, 200)).toBe(`${FAMILY}${FAMILY}…`);
    expect(cut('x'.repeat(10_000), 255, 200)).toHaveLength(200);
  });

  test('is not held up by one letter with a million marks', () => {
    expect(cut(`a${'\u0301'.repeat(1_000_000)}`, 200)).toBe('…');
  });

  test('never leaves a lone surrogate, cut or not', () => {
    expect(cut('a\ud83c', 10)).toBe('a\ufffd');
    expect(cut('ab🏥', 3)).toBe('ab…');
    expect(startOf('ab🏥', 3)).toBe('ab');
  });

  test('gives the beginning alone where something else says that it goes on', () => {
    expect(startOf('abcd', 3)).toBe('abc');
    expect(startOf('abc', 3)).toBe('abc');
  });

  test('takes other measures, the ellipsis counted as one', () => {
    const columns = { max: 5, of: (grapheme: string) => (grapheme === '漢' ? 2 : 1) };
    expect(cutTo('漢漢a', [columns])).toBe('漢漢a');
    expect(cutTo('漢漢漢', [columns])).toBe('漢漢…');
  });
});
