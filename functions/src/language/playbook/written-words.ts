import { hasTemplate } from '../expressions/template.ts';

/** A text of a definition, for display. A text with an expression has no known value yet and is replaced by a note. */
export function writtenWords(text: string): string {
  return hasTemplate(text) ? '(set by an expression)' : text;
}
