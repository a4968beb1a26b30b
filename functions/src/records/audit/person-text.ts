import { PlaybookError } from '#core/failure.ts';
import { stripInvisible } from '#core/strip-invisible.ts';

/** What a text that a person writes is called in sentences, and how long it may be. */
export interface TextRule {
  /** `A reason`, `A comment`. */
  readonly name: string;
  readonly minChars: 0 | 1;
  readonly maxChars: number;
}

/**
 * What a person wrote, without blanks around it and without characters that nobody sees. Throws `input_invalid` when
 * nothing is left of a text that is needed, and when it is too long.
 */
export function personText(text: string, { name, minChars, maxChars }: TextRule): string {
  const written = stripInvisible(text.replaceAll('\r\n', '\n')).trim();
  if (written.length < minChars) throw new PlaybookError('input_invalid', `${name} is needed; write at least a word.`);
  if (written.length <= maxChars) return written;
  throw new PlaybookError(
    'input_invalid',
    `${name} may have ${maxChars} characters; this one has ${written.length}. Shorten it.`,
  );
}
