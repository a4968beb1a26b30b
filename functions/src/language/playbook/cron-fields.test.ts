import { describe, expect, test } from 'vitest';
import { cronProblem } from './cron-grammar.ts';

/** The five fields, with their smallest and largest value and the longest step of each. */
const fields = [
  ['minute', 0, 59, 59],
  ['hour', 0, 23, 23],
  ['day of the month', 1, 31, 30],
  ['month', 1, 12, 11],
  ['day of the week', 0, 7, 7],
] as const;

/** A cron with this in one field and `*` in the others. */
const cronWith = (index: number, item: string) => ['*', '*', '*', '*', '*'].with(index, item).join(' ');

describe.each(fields.map((field, index) => [...field, index] as const))('the %s', (name, min, max, longest, index) => {
  test.each([`${min}`, `${max}`, `${min}-${max}`, `${min},${max}`, `${max}-${max}`])('may be %s', (item) => {
    expect(cronProblem(cronWith(index, item))).toBeUndefined();
  });

  test.each([`${min - 1}`, `${max + 1}`, `${min}-${max + 1}`, `${max}-${min}`, `${min},${max + 1}`])(
    'may not be %s',
    (item) => {
      expect(cronProblem(cronWith(index, item))).toContain(`The ${name} '${item}'`);
    },
  );

  test.each([1, longest - 1, longest])('may have a step of %i, also over a range', (step) => {
    expect(cronProblem(cronWith(index, `*/${step}`))).toBeUndefined();
    expect(cronProblem(cronWith(index, `${min}-${max}/${step}`))).toBeUndefined();
  });

  test.each([0, longest + 1, longest + 2, 99])('may not have a step of %i', (step) => {
    expect(cronProblem(cronWith(index, `*/${step}`))).toContain(`The ${name} '*/${step}'`);
  });
});

describe('names', () => {
  const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
  const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

  test.each([...months.map((name) => [3, name] as const), ...days.map((name) => [4, name] as const)])(
    'of field %i: %s, in any letters',
    (index, name) => {
      expect(cronProblem(cronWith(index, name))).toBeUndefined();
      expect(cronProblem(cronWith(index, name.toLowerCase()))).toBeUndefined();
      expect(cronProblem(cronWith(7 - index, name))).toContain(`'${name}'`);
    },
  );
});

describe('a nickname', () => {
  test.each([
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@hourly', '0 * * * *'],
  ])('%s is refused, and what it means is suggested, which is accepted', (nickname, cron) => {
    for (const written of [nickname, nickname.toUpperCase(), ` ${nickname} `]) {
      expect(cronProblem(written)).toBe(`'${written}' is not supported by Cloud Scheduler; write '${cron}'.`);
    }
    expect(cronProblem(cron)).toBeUndefined();
  });

  test('that does not exist is refused without a suggestion', () => {
    expect(cronProblem('@reboot')).toContain('has 1 field;');
  });
});
