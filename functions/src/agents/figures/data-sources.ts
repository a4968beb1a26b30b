import type { Json } from '#core/json.ts';

/** A number in the data, and whether it is a share (0.12) or already a percentage (12), judging by its name. */
export interface SourceNumber {
  readonly value: number;
  readonly named: string;
}

/** Everything in the data that a figure in a report may come from. */
export interface DataSources {
  readonly numbers: readonly SourceNumber[];
  /** Names of letters and digits (`p95`, `gpt-5`), in lowercase. */
  readonly words: ReadonlySet<string>;
  /** Whole texts with words and digits (`Studio 54`): quoting one in full is not a figure. */
  readonly quotations: readonly string[];
  /** Values that are instants. */
  readonly instants: readonly Date[];
}

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const NAMING_WORD = /\p{L}[\p{L}\d]*(?:[-_.][\p{L}\d]+)*/gu;
const MONEY_WORD = /^(?:us|usd|eur|gbp|chf|aud|cad|jpy|k|m|bn)\d/i;
const LONGEST_QUOTATION = 160;

/** Reads the data once. Includes the lengths of lists, because they are facts of the data. */
export function sourcesOf(data: Json): DataSources {
  const found: Found = { numbers: [], words: new Set(), quotations: new Set(), instants: [] };
  collect(data, '', found);
  return { ...found, quotations: [...found.quotations].toSorted((a, b) => b.length - a.length) };
}

interface Found {
  readonly numbers: SourceNumber[];
  readonly words: Set<string>;
  readonly quotations: Set<string>;
  readonly instants: Date[];
}

function collect(value: Json, named: string, found: Found): void {
  if (typeof value === 'number') found.numbers.push({ value, named });
  else if (typeof value === 'string') collectText(value, found);
  else if (Array.isArray(value)) {
    found.numbers.push({ value: value.length, named });
    for (const item of value) collect(item, named, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      for (const word of namingWords(name)) found.words.add(word);
      collect(item, name, found);
    }
  }
}

function collectText(text: string, { words, quotations, instants }: Found): void {
  if (!/\d/.test(text)) return;
  if (ISO_INSTANT.test(text)) {
    const instant = new Date(text);
    if (!Number.isNaN(instant.getTime())) instants.push(instant);
    return;
  }
  for (const word of namingWords(text)) words.add(word);
  const line = text.trim();
  if (/\s/.test(line) && !/\n/.test(line) && line.length <= LONGEST_QUOTATION) quotations.add(line);
}

/**
 * The words in a text that begin with a letter and contain a digit, in lowercase, except amounts of money (`USD500`).
 */
export function namingWords(text: string): readonly string[] {
  return [...text.matchAll(NAMING_WORD)]
    .map(([word]) => word.toLowerCase())
    .filter((word) => /\d/.test(word) && !MONEY_WORD.test(word));
}
