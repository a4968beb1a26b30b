const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One limit of a cut: how much may stand there, and how much of that a character (a grapheme) takes. */
export interface Measure {
  readonly max: number;
  of(grapheme: string): number;
}

/**
 * At most `maxChars` of a text, counted in UTF-16 code units as databases and other services do, and at most `maxGraphemes`
 * as people count them. What was cut ends in `…`, which is counted too. Never half a letter, emoji or flag, and always
 * well-formed: half of a surrogate pair becomes U+FFFD.
 */
export function cut(text: string, maxChars: number, maxGraphemes = maxChars): string {
  const start = beginning(text, maxChars);
  if (maxGraphemes < maxChars) {
    const chars = { max: maxChars, of: (grapheme: string) => grapheme.length };
    return cutTo(start, [chars, { max: maxGraphemes, of: () => 1 }]);
  }
  return start.length <= maxChars ? start : `${start.slice(0, boundaryAt(start, maxChars - 1))}…`;
}

/** The beginning of a text without an `…`, for what says elsewhere that it is one: at most `maxChars`, cut like `cut`. */
export function startOf(text: string, maxChars: number): string {
  const start = beginning(text, maxChars);
  return start.length <= maxChars ? start : start.slice(0, boundaryAt(start, maxChars));
}

/** What a cut looks at: a little more than fits, so that it sees whether the last character ends there. */
function beginning(text: string, maxChars: number): string {
  return text.slice(0, maxChars + 2).toWellFormed();
}

/** The last place at or before `index` at which no character is halved; looks at what is near alone, however long the text is. */
function boundaryAt(text: string, index: number): number {
  return graphemes.segment(text).containing(index)?.index ?? text.length;
}

/** A text cut by any measures, each of which holds by itself; the `…` takes 1 of each. Looks at one character after the other. */
export function cutTo(text: string, measures: readonly Measure[]): string {
  const used = measures.map(() => 0);
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    measures.forEach((measure, at) => (used[at] = (used[at] ?? 0) + measure.of(segment)));
    const isWithin = (room: number): boolean => measures.every(({ max }, at) => (used[at] ?? 0) <= max - room);
    if (!isWithin(0)) return `${text.slice(0, end)}…`;
    if (isWithin(1)) end = index + segment.length;
  }
  return text;
}
