import { namingWords, type DataSources, type SourceNumber } from './data-sources.ts';
import { knownDates } from './known-dates.ts';
import { numbersInWords } from './number-words.ts';

/** A number in a text, with adjacent characters that change its meaning. */
const NUMBER =
  /(?<before>(?<![^\s(|[“"'])[-−+])?(?<number>\d+(?:\.\d+)?[eE][-+]?\d+|\d{1,3}(?:[,’'_ \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+[.,]\d+|\d+)(?<after>\s?(?:%|[Pp]ercent\b|[kKMB]\b|bn\b|hundred\b|thousand\b|million\b|billion\b))?/gu;

const SCALE_OF: Readonly<Record<string, number>> = {
  k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, b: 1e9, bn: 1e9, billion: 1e9, hundred: 100,
}; // prettier-ignore
const MOST_NAMED = 20;
const PER_HUNDRED = /percent|pct|rate|share|ratio|growth|change|usage|quota|conversion/i;

/**
 * The figures in a text that do not come from the data, as written; only some if there are many. A figure may be a
 * number of the data in one of its usual forms (rounded, grouped, as a percentage or in thousands), part of a date or
 * time of the data, part of a naming word in the data (`p95`), or the ordinal of a list item.
 */
export function untraceableFigures(text: string, sources: DataSources): readonly string[] {
  const prose = withoutOrdinals(text);
  const strange = [...prose.matchAll(/[\p{N}--\d]+/gv)].map(([figure]) => figure);
  const dated = knownDates(prose, sources.instants);
  const named = namingWords(dated).filter((word) => sources.words.has(word));
  const rest = named.reduce((left, word) => replaceWord(left, word), dated);
  const typed = untraceableNumbers(rest, sources.numbers);
  const worded = numbersInWords(rest)
    .filter(({ value }) => !sources.numbers.some((source) => Math.abs(source.value) === value))
    .map(({ phrase }) => phrase);
  return [...new Set([...strange, ...typed, ...worded])];
}

/** Each number once, and only as many as a message can list: each is compared with every number of the data. */
function untraceableNumbers(text: string, numbers: readonly SourceNumber[]): readonly string[] {
  const distinct = new Map(Array.from(text.matchAll(NUMBER), (match) => [match[0].trim(), match]));
  const untraceable: string[] = [];
  for (const [figure, match] of distinct) {
    if (!isTraceable(match, numbers)) untraceable.push(figure);
    if (untraceable.length === MOST_NAMED) break;
  }
  return untraceable;
}

function isTraceable(match: RegExpExecArray, numbers: readonly SourceNumber[]): boolean {
  const { before, number = '', after } = match.groups ?? {};
  const plain = /^\d+,(?:\d{1,2}|\d{4,})$/.test(number) ? number.replace(',', '.') : number.replace(/[^\d.eE+-]/g, '');
  const typed = Number(plain);
  const decimals = /e/i.test(plain) ? 6 : (plain.split('.')[1] ?? '').length;
  const unit = after?.trim().toLowerCase();
  return numbers.some((source) => {
    if (before !== undefined && before !== '+' && source.value > 0) return false;
    if (before === '+' && source.value < 0) return false;
    return scalesOf(unit, source).some((scale) => reads(Math.abs(source.value) * scale, typed, decimals));
  });
}

/** The factors by which a value of the data may have been multiplied. */
function scalesOf(unit: string | undefined, source: SourceNumber): readonly number[] {
  if (unit === undefined) return [1];
  if (unit !== '%' && unit !== 'percent') return [1 / (SCALE_OF[unit] ?? 1)];
  const isPerHundred = PER_HUNDRED.test(source.named) && Math.abs(source.value) > 1;
  return isPerHundred ? [1, 100] : [100];
}

/** Whether `typed` is the value rounded to `decimals`; a value other than 0 never rounds to 0. */
function reads(value: number, typed: number, decimals: number): boolean {
  if (typed === 0) return value === 0;
  const unit = 10 ** -decimals;
  return Math.abs(value - typed) <= unit / 2 + Math.abs(value) * 1e-12;
}

/** List items (`1.`, `2)`) and numbered headings (`## 3. Churn`) at the start of a line. */
function withoutOrdinals(text: string): string {
  return text.replace(/^([\s>#]*)\d{1,2}[.)](?=\s)/gm, '$1');
}

function replaceWord(text: string, word: string): string {
  return text.replace(new RegExp(`(?<![\\p{L}\\d])${word.replaceAll('.', String.raw`\.`)}(?![\\p{L}\\d])`, 'giu'), ' ');
}
