const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Control characters, line separators, and marks that turn the direction of text around. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * At most `max` characters as a person counts them, and at most `maxLength` as JavaScript does (one visible character may
 * be made of thousands of marks). What is cut ends with `…`; an emoji or a letter is never halved.
 */
export function cutToGraphemes(text: string, max: number, maxLength = max * 32): string {
  if (text.length <= Math.min(max, maxLength)) return text;
  let end = 0;
  let count = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    const after = index + segment.length;
    count += 1;
    if (count > max || after > maxLength) return `${text.slice(0, end)}…`;
    if (count < max && after < maxLength) end = after;
  }
  return text;
}

/** One line without anything that could begin another or hide in it: fit for a subject. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, ' ').replaceAll(/ {2,}/g, ' ').trim();
}
