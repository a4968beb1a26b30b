import type { Json } from '#core/json.ts';
import { escapeMarkdown } from '#core/clean-text.ts';
import { cut } from '#core/cut.ts';
import { showNumber } from '../figures/figure-format.ts';

const SHARE = /(rate|share|ratio|growth|conversion)$/i;
const MONEY = /(usd|mrr|arr|revenue|amount|dollars|price|cost|expansion|contraction|spend)(weekago|before|previous)?$/i;
const ABBREVIATIONS = new Map(
  ['mrr', 'arr', 'api', 'id', 'url', 'crm', 'usd', 'sla'].map((word) => [word, word.toUpperCase()]),
);
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
/** Their values are words of ours, like `no_orders`; those of other fields may be ids. */
const WORD_FIELDS = /^(?:reason|status|state|kind)$/i;
const LONGEST_VALUE = 300;

/** A field's name in words: `mrrWeekAgo` → `MRR week ago`. Safe in Markdown. */
export function humanName(name: string): string {
  const words = name
    .replace(/(?<=.)(?:Ms|Usd)$/, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => ABBREVIATIONS.get(word.toLowerCase()) ?? word.toLowerCase());
  const phrase = cut(words.join(' '), LONGEST_VALUE);
  return escapeMarkdown(phrase.charAt(0).toUpperCase() + phrase.slice(1));
}

/** A value in words, in the unit implied by its field's name. Safe in Markdown. */
export function humanValue(value: null | boolean | number | string, name: string): string {
  if (value === null) return 'unknown';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return humanNumber(value, name);
  if (ISO_INSTANT.test(value)) return `${value.slice(0, 10)} ${value.slice(11, 16)} UTC`;
  const words = WORD_FIELDS.test(name) ? value.replaceAll('_', ' ') : value;
  return words.trim() === '' ? '(empty)' : escapeMarkdown(cut(words, LONGEST_VALUE));
}

function humanNumber(value: number, name: string): string {
  if (SHARE.test(name) && Math.abs(value) <= 10) return showNumber(value, 'percent');
  if (MONEY.test(name)) return showNumber(value, 'usd');
  if (name.endsWith('Ms')) return `${showNumber(value)} ms`;
  return showNumber(value);
}

/** Whether a value is neither a list nor an object. */
export function isScalar(value: Json): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null;
}
