import { hasTemplate } from '../expressions/template.ts';

/** A text of a definition, for people; what an expression decides is not known yet, and said to be so. */
export function writtenWords(text: string): string {
  return hasTemplate(text) ? '(from an expression)' : text;
}
