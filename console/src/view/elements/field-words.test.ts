import { describe, expect, test } from 'vitest';
import { fieldName, fieldValue } from './field-words.ts';

const TIME = { now: new Date('2026-11-20T14:00:00.000Z'), timeZone: 'America/New_York' };

describe('the name of a field', () => {
  test.each([
    ['customerId', 'Customer ID'],
    ['discount_percent', 'Discount percent'],
    ['validUntil', 'Valid until'],
    ['name', 'Name'],
    ['a\u202eb', 'A\\u202eb'],
    ['', ''],
  ])('%j is written %j', (name, words) => {
    expect(fieldName(name, 40)).toBe(words);
  });
});

describe('the value of a field', () => {
  test.each([
    ['no_campaigns', 'no campaigns'],
    ['WEMISSYOU-FF0BB667', 'WEMISSYOU-FF0BB667'],
    ['user_42', 'user_42'],
    ['2026-12-12T21:40:12.011Z', 'Sat 12 Dec, 16:40 New York time'],
    ['2026-99-12T21:40:12Z', '2026-99-12T21:40:12Z'],
    [['Tea', 'Honey'], 'Tea, Honey'],
    [15, '15'],
    [{ a: 1 }, '{"a":1}'],
    [[], undefined],
    [null, undefined],
  ])('%j is written %j', (value, words) => {
    expect(fieldValue(value, 160, TIME)).toBe(words);
  });
});
