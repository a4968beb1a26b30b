import { cutTo } from '#core/cut.ts';
import { INVISIBLE } from '#core/strip-invisible.ts';

/**
 * Text from data or from a model on one line: isolated from the direction of what stands around it, hidden characters made
 * visible, cut to `max` characters as people count them. The title shows more of it where it was cut.
 */
export const Text = ({ value, max = 160 }: { value: string; max?: number }) => {
  const shown = shownText(value, max);
  return shown.endsWith('…') ? <bdi title={shownText(value, 1_000)}>{shown}</bdi> : <bdi>{shown}</bdi>;
};

/** The same as plain text, for titles and attributes. */
export function shownText(value: string, max: number): string {
  // A visible character may be made of many; more than this of them is noise and only costs time.
  const start = value.slice(0, max * 16);
  const line = visible(start).replaceAll(/\s+/g, ' ').trim();
  if (line.length <= max && start.length === value.length) return line;
  const measure = { max, of: (grapheme: string) => (grapheme.length > 40 ? Infinity : 1) };
  return cutTo(start.length === value.length ? line : `${line}…`, [measure]);
}

/** The text with every hidden character replaced by its number, as in JSON: `\u202e`. Line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
