import type { Json } from '#core/json.ts';
import { shownText } from './text.tsx';
import { dueInZone } from './schedule.ts';
import { zoneWords, type ReaderTime } from './time.tsx';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
const WORDS_IN_ONE = /^[a-z]+(?:_[a-z]+)+$/;
const ABBREVIATIONS: ReadonlySet<string> = new Set(['id', 'url', 'api', 'usd']);

/** The name of a field as people write it: `customerId` and `customer_id` are `Customer ID`. */
export function fieldName(name: string, max: number): string {
  const words = shownText(name, max)
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ')
    .split(/[\s_]+/)
    .map((word) => (ABBREVIATIONS.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The value of a field on one line: an instant in the reader's zone, `no_orders` as `no orders`; undefined where there is none. */
export function fieldValue(value: Json, max: number, { now, timeZone }: ReaderTime): string | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return shownText(value.join(', '), max);
  if (typeof value !== 'string') return shownText(JSON.stringify(value), max);
  if (INSTANT.test(value) && !Number.isNaN(Date.parse(value))) {
    return `${dueInZone(new Date(value), timeZone, now)} ${zoneWords(timeZone)}`;
  }
  return shownText(WORDS_IN_ONE.test(value) ? value.replaceAll('_', ' ') : value, max);
}
