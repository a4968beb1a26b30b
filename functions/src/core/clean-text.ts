import { stripInvisible } from './strip-invisible.ts';

export { stripInvisible };

/** The text as one line of Markdown that shows exactly these characters: nothing in it becomes a link, an image or a heading. */
export function escapeMarkdown(text: string): string {
  return stripInvisible(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|~!#&]/g, String.raw`\$&`);
}

/** At most `maxLength` characters as people count them; what was cut ends in an ellipsis. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const shown: string[] = [];
  for (const { segment } of new Intl.Segmenter('en').segment(text.slice(0, maxLength * 4))) {
    if (shown.length === maxLength) break;
    shown.push(segment);
  }
  const cut = shown.join('');
  return cut === text ? text : `${shown.slice(0, -1).join('')}…`;
}
