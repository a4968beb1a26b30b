import { stripInvisible } from './strip-invisible.ts';

export { stripInvisible };

/**
 * The text as one line of Markdown that shows exactly these characters: no part of it becomes a link, an image or a
 * heading.
 */
export function escapeMarkdown(text: string): string {
  return stripInvisible(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|~!#&]/g, String.raw`\$&`);
}
