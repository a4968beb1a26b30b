import { PlaybookError } from '#core/failure.ts';
import { stripInvisible } from '#core/strip-invisible.ts';

/** The name of a text field in messages, and the text's permitted length. */
export interface TextRule {
  /** `A reason`, `A comment`. */
  readonly name: string;
  readonly minChars: 0 | 1;
  readonly maxChars: number;
}

/**
 * A person's text without surrounding blanks and invisible characters. Throws `input_invalid` when a required text is
 * then empty, and when it is too long.
 */
export function personText(text: string, { name, minChars, maxChars }: TextRule): string {
  const written = stripInvisible(text.replaceAll('\r\n', '\n')).trim();
  if (written.length < minChars)
    throw new PlaybookError('input_invalid', `${name} is needed; write at least one word.`);
  if (written.length <= maxChars) return written;
  throw new PlaybookError(
    'input_invalid',
    `${name} may have at most ${maxChars} characters; this one has ${written.length}. Shorten it.`,
  );
}
