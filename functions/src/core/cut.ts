const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One limit of a cut: the maximum, and how much of it a character (a grapheme) takes. */
export interface Measure {
  readonly max: number;
  of(grapheme: string): number;
}

/**
 * At most `maxChars` of a text, counted in UTF-16 code units as databases and other services do, and at most
 * `maxGraphemes` characters as people count them. A cut text ends in `…`, which counts too. Never splits a letter,
 * emoji or flag, and is always well-formed: a lone surrogate becomes U+FFFD.
 */
export function cut(text: string, maxChars: number, maxGraphemes = maxChars): string {
  const start = beginning(text, maxChars);
  if (maxGraphemes < maxChars) {
    const chars = { max: maxChars, of: (grapheme: string) => grapheme.length };
    return cutTo(start, [chars, { max: maxGraphemes, of: () => 1 }]);
  }
  return start.length <= maxChars ? start : `${start.slice(0, boundaryAt(start, maxChars - 1))}…`;
}

/**
 * The beginning of a text without `…`, for use where the cut is indicated otherwise: at most `maxChars`, cut like
 * `cut`.
 */
export function startOf(text: string, maxChars: number): string {
  const start = beginning(text, maxChars);
  return start.length <= maxChars ? start : start.slice(0, boundaryAt(start, maxChars));
}

/** The part that a cut needs to examine: slightly more than fits, to see whether the last character ends there. */
function beginning(text: string, maxChars: number): string {
  return text.slice(0, maxChars + 2).toWellFormed();
}

/**
 * The last position at or before `index` that splits no character; examines only its surroundings, however long the
 * text is.
 */
function boundaryAt(text: string, index: number): number {
  return graphemes.segment(text).containing(index)?.index ?? text.length;
}

/**
 * A text cut by several measures, each of which applies separately; the `…` takes 1 of each. Examines the text
 * character by character.
 */
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
