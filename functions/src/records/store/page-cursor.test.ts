import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

const position = { values: [new Date('2026-11-20T14:00:00.123Z'), 'ä/?&', 0.5, null, true], id: 'ops_check_1' };

/** As a person would forge it who knows how a cursor is made. */
function forged(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('the cursor of a page', () => {
  test('is decoded unchanged, including instants', () => {
    expect(decodeCursor(encodeCursor(position), 5)).toEqual(position);
  });

  test('is text that needs no escaping in a URL', () => {
    expect(encodeCursor({ values: ['???>>>~~~ÿÿÿ'], id: 'x' })).toMatch(/^[\w-]+$/);
  });

  test.each([
    ['empty', ''],
    ['not base64', '%%%'],
    ['not JSON', Buffer.from('no').toString('base64url')],
    ['of another list', encodeCursor({ values: ['a', 'b'], id: 'x' })],
    ['without an id', forged({ values: ['a'] })],
    ['with an id of another collection', forged({ values: ['a'], id: '../x' })],
    ['with a reserved id', forged({ values: ['a'], id: '__x__' })],
    ['with a map for a value', forged({ values: [{ a: 1 }], id: 'x' })],
    ['with half a letter', forged({ values: ['\ud800'], id: 'x' })],
    ['with an instant out of range', forged({ values: [{ at: 1e15 }], id: 'x' })],
    ['endless', 'A'.repeat(1_000_000)],
  ])('is refused when it is %s', (_, text) => {
    expect(() => decodeCursor(text, 1)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
  });
});
