import { describe, expect, test } from 'vitest';
import { measuredInWords } from './measured-words.ts';

describe('a measured value', () => {
  test.each([
    [163, 'ms', '163 ms'],
    [2.133_333, '%', '2.133%'],
    [0.319_418, '%', '0.3194%'],
    [239.984_4, 'min', '240 min'],
    [-4.25, '%', '-4.25%'],
    [0, undefined, '0'],
    [12_345.67, undefined, '12,346'],
    [true, undefined, 'yes'],
    [false, undefined, 'no'],
    ['eu-west', undefined, 'eu-west'],
    [['a', 1], undefined, '["a",1]'],
    [null, 's', 'null s'],
  ])('of %j with the unit %j reads %j', (value, unit, words) => {
    expect(measuredInWords(value, unit)).toBe(words);
  });
});
