const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names for the values from `min` upwards. */
  readonly words: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of the month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of the week', min: 0, max: 7, words: DAYS },
];

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/**
 * Why Cloud Scheduler does not accept a cron, as a sentence; `undefined` if it does: five fields of numbers, names
 * (JAN-DEC, SUN-SAT), `*`, lists, ranges, and steps after `*` or a range. Sunday is 0 or 7.
 */
export function cronProblem(cron: string): string | undefined {
  const nickname = NICKNAMES.get(cron.trim().toLowerCase());
  if (nickname !== undefined) return `'${cron}' is not supported by Cloud Scheduler; write '${nickname}'.`;
  const parts = cron.trim().split(/\s+/);
  if (cron.trim().startsWith('@') || /^every\b/i.test(cron.trim()) || parts.length !== FIELDS.length) {
    return `'${cron}' has ${parts.length} field${parts.length === 1 ? '' : 's'}; a cron has five: minute, hour, day of the month, month, day of the week, like '0 9 * * 1-5'.`;
  }
  for (const [index, field] of FIELDS.entries()) {
    for (const item of (parts[index] ?? '').split(',')) {
      const problem = itemProblem(item, field);
      if (problem !== undefined) return `The ${field.name} '${parts[index]}' in '${cron}' is wrong: ${problem}.`;
    }
  }
  return undefined;
}

/**
 * The days of the month and of the week in a valid cron that restricts both; otherwise `undefined`. `isStepped`: one of
 * them begins with `*` but is not a plain `*`; some programs treat it as no restriction.
 */
export function cronDays(
  cron: string,
): { readonly ofMonth: string; readonly ofWeek: string; readonly isStepped: boolean } | undefined {
  const [, , ofMonth = '*', , ofWeek = '*'] = cron.trim().split(/\s+/);
  const namesNone = (field: string): boolean => /^\*(\/1)?$/.test(field);
  if (namesNone(ofMonth) || namesNone(ofWeek)) return undefined;
  return { ofMonth, ofWeek, isStepped: ofMonth.startsWith('*') || ofWeek.startsWith('*') };
}

function itemProblem(item: string, field: Field): string | undefined {
  const special = /[LW#?]/i.exec(field.words.some((word) => item.toUpperCase().includes(word)) ? '' : item);
  if (special !== null) return `Cloud Scheduler does not support '${special[0]}'`;
  const [range = '', step, ...more] = item.split('/');
  if (range === '' || more.length > 0) return 'an item of a list is missing or has more than one step';
  const rangeError = range === '*' ? undefined : rangeProblem(range, field);
  if (rangeError !== undefined || step === undefined) return rangeError;
  return stepProblem(range, step, field);
}

function rangeProblem(range: string, field: Field): string | undefined {
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) return `'${range}' is not a range`;
  const from = valueOf(first, field);
  const to = last === undefined ? from : valueOf(last, field);
  const expected = field.words.length === 0 ? '' : `, or ${field.words[0]} to ${field.words.at(-1)}`;
  for (const [text, value] of [
    [first, from],
    [last ?? first, to],
  ] as const) {
    if (value === undefined) return `'${text}' is not a number from ${field.min} to ${field.max}${expected}`;
  }
  if (from !== undefined && to !== undefined && from > to) {
    return `the range '${range}' runs backwards; write it as a list of two ranges`;
  }
  return undefined;
}

function stepProblem(range: string, step: string, field: Field): string | undefined {
  if (range !== '*' && !range.includes('-'))
    return `a step needs '*' or a range before it, like '${range}-${field.max}/${step}'`;
  const size = field.max - field.min;
  if (!/^\d{1,2}$/.test(step) || Number(step) === 0) return `'${step}' is not a step; write a number from 1 to ${size}`;
  if (Number(step) > size)
    return `a step of ${step} is longer than the whole ${field.name}, so it would not do what it says`;
  return undefined;
}

function valueOf(text: string, field: Field): number | undefined {
  const word = field.words.indexOf(text.toUpperCase());
  if (word !== -1) return field.min + word;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= field.min && value <= field.max ? value : undefined;
}
