/**
 * Invisible characters that models or mail programs act on: control, zero-width, bidirectional and tag characters.
 * Joiners between emoji are kept.
 */
export const INVISIBLE =
  /(?![\t\n]|\u200d|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)(?:\u200d|\ufe0f)/gu;

/** The text without invisible characters; line breaks and tabs are kept. */
export function stripInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}
