/** How much of a line is shown around the place that is meant. */
const SHOWN_CHARS = 100;

/** A place in a text: both count from 1, columns in characters. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset into `text`; an offset beyond the end means the end. */
export function placeOf(text: string, offset: number): SourcePlace {
  const before = text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
}

/** The line at `place` and a caret below the column, indented by two spaces; long lines are cut around the caret. */
export function sourceExcerpt(text: string, place: SourcePlace): string {
  const line = (text.split('\n')[place.line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ');
  const caretAt = Math.min(place.column - 1, line.length);
  const start = caretAt > SHOWN_CHARS * 0.7 ? caretAt - Math.floor(SHOWN_CHARS / 2) : 0;
  const shown = line.slice(start, start + SHOWN_CHARS);
  const head = start > 0 ? '…' : '';
  const tail = start + SHOWN_CHARS < line.length ? '…' : '';
  return `  ${head}${shown}${tail}\n  ${' '.repeat(head.length + caretAt - start)}^`;
}
