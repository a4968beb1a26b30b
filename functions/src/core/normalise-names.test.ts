import { describe, expect, test } from 'vitest';
import { normalise } from './normalise.ts';

describe('half a surrogate pair', () => {
  test.each([
    ['alone', '\uD83D', '\uFFFD'],
    ['the second half alone', '\uDE00', '\uFFFD'],
    ['at the beginning', '\uDE00a', '\uFFFDa'],
    ['in the middle', 'a\uD83Db', 'a\uFFFDb'],
    ['at the end', 'a\uD83D', 'a\uFFFD'],
    ['twice', '\uD83D\uD83D', '\uFFFD\uFFFD'],
    ['in the wrong order', '\uDE00\uD83D', '\uFFFD\uFFFD'],
    ['no half, but a whole', 'a😀b', 'a😀b'],
  ])('%s is replaced: in a text, a name, in a list, in a map, in a Map', (_, text, whole) => {
    const jsonOf = (value: unknown) => normalise(value).json;

    expect(jsonOf(text)).toBe(whole);
    expect(jsonOf({ [text]: 1 })).toEqual({ [whole]: 1 });
    expect(jsonOf([text, { [text]: [text] }])).toEqual([whole, { [whole]: [whole] }]);
    expect(jsonOf(new Map([[text, text]]))).toEqual({ [whole]: whole });
    expect(jsonOf(new Set([text]))).toEqual([whole]);
  });

  test('is replaced in the names that notes show, too', () => {
    const { notes } = normalise({ 'a\uD83D': { b: Number.NaN } });

    expect(notes.every((note) => note.isWellFormed())).toBe(true);
    expect(notes).toContain('a\uFFFD.b was NaN and is kept as null');
  });
});
