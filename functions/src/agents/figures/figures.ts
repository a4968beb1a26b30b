import type { Json } from '#core/json.ts';
import { valueAt } from '#core/json-path.ts';
import { stripInvisible } from '#core/clean-text.ts';
import { sourcesOf, type DataSources } from './data-sources.ts';
import { FIGURE_FORMATS, quoteIfFigures, showFigure, type FigureFormat } from './figure-format.ts';
import { untraceableFigures } from './untraceable-figures.ts';

/** The source of a figure in a text, and how it is shown there. */
export interface Receipt {
  readonly path: string;
  readonly shown: string;
  /** The value itself, so that a later report can refer to it; for a counted list, its length. */
  readonly value: null | boolean | number | string;
}

/** A text with its references filled in, or its problems, as sentences for its author. */
export type BoundText =
  | { readonly ok: true; readonly text: string; readonly receipts: readonly Receipt[] }
  | { readonly ok: false; readonly problems: readonly string[] };

const REFERENCE = /\{\{([^{}]*)\}\}/g;
/** Until the text has been checked, each filled-in value is one character of this private range. */
const FIRST_MARK = 0xf0000;
const MARK = /[\u{f0000}-\u{ffffd}]/gu;
const MOST_MARKS = 5_000;
/** Invisible Markdown, so that `4**2**` is checked as 42, as it is displayed. */
const MARKUP = /\]\([^()]*\)|[*~`\\[\]]/g;
const TOUCHING =
  /\d[.,'’_]?[\u{f0000}-\u{ffffd}]|[\u{f0000}-\u{ffffd}][.,'’_]?(?:\d|[\u{f0000}-\u{ffffd}])|(?<![^\s(|])[-−+][\u{f0000}-\u{ffffd}]/u;
const SCALED = /([\u{f0000}-\u{ffffd}])\s?(?:%|[Pp]ercent\b|[kKMB]\b|bn\b|hundred\b|thousand\b|million\b|billion\b)/gu;

/**
 * Converts what a model wrote to text: `{{path}}` and `{{path|percent}}` become values of the data, and every figure
 * that the model typed itself must occur in the data. `sources` are those of `data`, for callers that bind several
 * texts.
 */
export function bindFigures(text: string, data: Json, sources: DataSources = sourcesOf(data)): BoundText {
  const marks = openMarks();
  const typed = stripInvisible(text)
    .replace(MARK, '')
    .replace(/&(?=#?\w+;)/g, '&amp;');
  const referenced = fillReferences(typed, data, marks);
  const quoted = sources.quotations.reduce((left, quotation) => markQuotation(left, quotation, marks), referenced.text);
  const problems = [...referenced.problems, ...figureProblems(quoted, marks, sources)];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, text: marks.fill(quoted), receipts: referenced.receipts };
}

interface Marks {
  /** Stores a text to fill in later; returns its placeholder character. `value` is what it shows. */
  keep(shown: string, value: Json): string;
  valueOf(mark: string): Json | undefined;
  fill(text: string): string;
}

function openMarks(): Marks {
  const kept: { readonly shown: string; readonly value: Json }[] = [];
  const indexOf = (mark: string): number => (mark.codePointAt(0) ?? 0) - FIRST_MARK;
  return {
    keep(shown, value) {
      if (kept.length === MOST_MARKS) return shown;
      kept.push({ shown, value });
      return String.fromCodePoint(FIRST_MARK + kept.length - 1);
    },
    valueOf: (mark) => kept[indexOf(mark)]?.value,
    fill: (text) => text.replace(MARK, (mark) => kept[indexOf(mark)]?.shown ?? ''),
  };
}

function fillReferences(text: string, data: Json, marks: Marks) {
  const problems: string[] = [];
  const receipts: Receipt[] = [];
  const filled = text.replace(
    new RegExp(String.raw`(\$?)${REFERENCE.source}`, 'g'),
    (all, dollar: string, inner: string) => {
      const [path = '', written] = inner.split('|').map((part) => part.trim());
      const format = FIGURE_FORMATS.find((known) => known === written);
      const problem = (reason: string): string => {
        problems.push(`${all} cannot be filled in: ${reason}.`);
        return '';
      };
      if (written !== undefined && format === undefined) {
        return problem(`${written} is not a format; the formats are ${FIGURE_FORMATS.join(', ')}`);
      }
      const value = valueAt(data, path);
      if (value === undefined) return problem('the data has nothing at this path');
      const shown = showFigure(value, format);
      if ('problem' in shown) return problem(shown.problem);
      receipts.push({ path, shown: shown.text, value: receiptValue(value) });
      return `${format === 'usd' ? '' : dollar}${marks.keep(shown.text, shareOf(value, format))}`;
    },
  );
  if (/\{\{|\}\}/.test(filled)) problems.push('A reference is not complete; write it as {{path}} or {{path|format}}.');
  return { text: filled, problems, receipts };
}

function receiptValue(value: Json): Receipt['value'] {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' ? null : value;
}

/** Which units may follow a figure depends on its value, unless its format determines that. */
function shareOf(value: Json, format: FigureFormat | undefined): Json {
  return format === 'percent' || format === 'usd' ? null : value;
}

function markQuotation(text: string, quotation: string, marks: Marks): string {
  if (!text.includes(quotation)) return text;
  return [`“${quotation}”`, `"${quotation}"`, quotation].reduce(
    (left, written) => left.replaceAll(written, () => marks.keep(quoteIfFigures(quotation), quotation)),
    text,
  );
}

function figureProblems(text: string, marks: Marks, sources: DataSources): readonly string[] {
  const targets = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target ?? '');
  const read = text.replace(MARKUP, '');
  const problems: string[] = [];
  if (TOUCHING.test(read)) {
    problems.push('A reference touches a digit, a sign or another reference; put words or a space between them.');
  }
  for (const [written, mark = ''] of read.matchAll(SCALED)) {
    const value = marks.valueOf(mark);
    const isPerHundred = /%|percent/i.test(written) && typeof value === 'number' && Math.abs(value) > 1;
    if (!isPerHundred)
      problems.push('A reference is followed by a unit that changes its value; write {{path|percent}} instead.');
  }
  const untraceable = untraceableFigures([read, ...targets].join('\n'), sources);
  if (untraceable.length > 0) {
    problems.push(
      `These figures are not in the data: ${untraceable.slice(0, 20).join(', ')}. Write each figure as a reference, or leave it out.`,
    );
  }
  return problems;
}
