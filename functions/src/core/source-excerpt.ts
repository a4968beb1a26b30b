/** How much of a line is shown around a place. */
const SHOWN_CHARS = 100;

/** A place in a text: line and column count from 1, columns in characters. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** Characters that are invisible or rearrange the visible text, except joiners of emoji and letters. */
const HIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00A0\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu;

/**
 * The text with its hidden characters spelled out (`\u200b`), so that people see them and terminals do not act on them.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Line and column of an offset into `text`; an offset beyond the end means the end. */
export function placeOf(text: string, offset: number): SourcePlace {
  const before = text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
}

/**
 * The line at `place` and a caret below the column, indented by two spaces; long lines are cut around the caret. Each
 * hidden character is shown as one mark, so that the caret stays aligned.
 */
export function sourceExcerpt(text: string, place: SourcePlace): string {
  const line = (text.split('\n')[place.line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ').replace(HIDDEN, '·');
  const caretAt = Math.min(place.column - 1, line.length);
  const start = caretAt > SHOWN_CHARS * 0.7 ? caretAt - Math.floor(SHOWN_CHARS / 2) : 0;
  const shown = line.slice(start, start + SHOWN_CHARS);
  const head = start > 0 ? '…' : '';
  const tail = start + SHOWN_CHARS < line.length ? '…' : '';
  return `  ${head}${shown}${tail}\n  ${' '.repeat(head.length + caretAt - start)}^`;
}
