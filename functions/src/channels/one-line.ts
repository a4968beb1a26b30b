/** Control characters, line separators, and marks that turn the direction of text around. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** One line without anything that could begin another or hide in it: fit for a subject. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, ' ').replaceAll(/ {2,}/g, ' ').trim();
}
