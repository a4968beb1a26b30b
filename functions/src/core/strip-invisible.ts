/**
 * Characters that nobody sees but a model or a mail program obeys: controls, zero-width, bidirectional and tag
 * characters. Those that join emoji stay where they join some.
 */
export const INVISIBLE =
  /(?![\t\n]|\u200d|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)(?:\u200d|\ufe0f)/gu;

/** The text without characters that cannot be seen; line breaks and tabs stay. */
export function stripInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}
