import { describe, expect, test } from 'vitest';
import { oneLine } from './one-line.ts';

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
