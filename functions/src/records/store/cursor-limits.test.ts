import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

/** A cursor of exactly so many characters, whose value is as long as it has to be. */
function cursorOf(chars: number): string {
  // Three bytes make four characters, and the last one or two bytes make two or three.
  const bytes = Math.floor((chars * 3) / 4);
  const frame = JSON.stringify({ values: [''], id: 'x' }).length;
  return encodeCursor({ values: ['v'.repeat(bytes - frame)], id: 'x' });
}

const refusal = expect.objectContaining({ code: 'input_invalid' });

describe('the length of a cursor', () => {
  test.each([3_998, 3_999, 4_000])('may be %i characters', (chars) => {
    expect(cursorOf(chars)).toHaveLength(chars);
    expect(decodeCursor(cursorOf(chars), 1).id).toBe('x');
  });

  test.each([4_002, 4_003, 8_000])('may not be %i characters, even if it was made here', (chars) => {
    expect(cursorOf(chars)).toHaveLength(chars);
    expect(() => decodeCursor(cursorOf(chars), 1)).toThrow(refusal);
  });
});

describe('the id in a cursor', () => {
  test.each([1, 1_499, 1_500])('may have %i characters', (chars) => {
    expect(decodeCursor(encodeCursor({ values: [1], id: 'i'.repeat(chars) }), 1).id).toHaveLength(chars);
  });

  test.each(['i'.repeat(1_501), '', '.', '..', 'a/b', '__a__'])('may not be %.20s', (id) => {
    expect(() => decodeCursor(encodeCursor({ values: [1], id }), 1)).toThrow(refusal);
  });
});

describe('the values in a cursor', () => {
  test.each([0, 1, 2, 3])('are as many as the list is ordered by: %i', (count) => {
    const cursor = encodeCursor({ values: Array.from({ length: count }, () => 1), id: 'x' });

    expect(decodeCursor(cursor, count).values).toHaveLength(count);
    for (const wanted of [0, 1, 2, 3].filter((other) => other !== count)) {
      expect(() => decodeCursor(cursor, wanted)).toThrow(refusal);
    }
  });

  test.each([
    ['0001-01-01T00:00:00.000Z', -1],
    ['9999-12-31T23:59:59.999Z', 1],
  ])('may be the instant %s, and none beyond it', (edge, step) => {
    const at = new Date(edge);

    expect(decodeCursor(encodeCursor({ values: [at], id: 'x' }), 1).values).toEqual([at]);
    const beyond = encodeCursor({ values: [new Date(at.getTime() + step)], id: 'x' });
    expect(() => decodeCursor(beyond, 1)).toThrow(refusal);
  });
});
