import type { Json } from '#core/json.ts';
import { escapeMarkdown } from '#core/clean-text.ts';

/** The formats that a reference may specify: `{{mrrGrowth|percent}}`. */
export const FIGURE_FORMATS = ['percent', 'usd', 'int', 'fixed1', 'count', 'date'] as const;
/** The name of one of them. */
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** A value formatted as Markdown; or, in `problem`, why it cannot be formatted. */
export type Shown = { readonly text: string } | { readonly problem: string };

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const upToTwo = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const wholeUsd = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const exactUsd = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, maximumFractionDigits: 20 });

/** Shows a value of the data in the given format, or in the default of its type. Never throws. */
export function showFigure(value: Json, format: FigureFormat | undefined): Shown {
  if (format === 'count') {
    return Array.isArray(value) ? { text: grouped.format(value.length) } : { problem: 'only a list can be counted' };
  }
  if (format === 'date') {
    const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(instant)
      ? { problem: 'it is not a date' }
      : { text: new Date(instant).toISOString().slice(0, 10) };
  }
  if (typeof value === 'number') return { text: showNumber(value, format) };
  if (format !== undefined) return { problem: `it is not a number, so ${format} does not fit` };
  if (typeof value === 'string') return { text: quoteIfFigures(value) };
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no' };
  if (value === null) return { problem: 'it has no value; say in words that it is unknown' };
  return { problem: 'it is a list or an object; refer to one value in it, or write |count' };
}

/** A number as text: `1,234`, `0.5`, `12.5%`, `$1,234.50`. */
export function showNumber(value: number, format?: Exclude<FigureFormat, 'count' | 'date'>): string {
  const number = value === 0 ? 0 : value;
  switch (format) {
    case 'percent':
      return plainZero(percent.format(number));
    case 'usd':
      return plainZero((Number.isInteger(number) ? wholeUsd : exactUsd).format(number));
    case 'int':
      return plainZero(grouped.format(number));
    case 'fixed1':
      return plainZero(oneDigit.format(number));
    case undefined:
      return number !== 0 && Math.abs(number) < 0.01 ? small.format(number) : upToTwo.format(number);
  }
}

function plainZero(text: string): string {
  return /[1-9]/.test(text) ? text : text.replace('-', '');
}

/**
 * Shows text with digits and words as a quotation, so that a number in a customer's name is never taken for a figure of
 * the report.
 */
export function quoteIfFigures(text: string): string {
  const shown = escapeMarkdown(text);
  return /\d/.test(shown) && /\s/.test(shown) ? `“${shown}”` : shown;
}
