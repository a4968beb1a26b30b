import { stripVTControlCharacters } from 'node:util';
import { cutTo } from '#core/cut.ts';
import { INVISIBLE } from '#core/strip-invisible.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns of a terminal a text takes: an emoji or a CJK character takes two, colours take none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) columns += widthOf(segment);
  return columns;
}

function widthOf(grapheme: string): number {
  if (/^\p{Mark}+$|^[\u200b-\u200f\u2060\ufeff]+$/u.test(grapheme)) return 0;
  if (/\p{RGI_Emoji}/v.test(grapheme)) return 2;
  return /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
    grapheme,
  )
    ? 2
    : 1;
}

/**
 * Lines of left-aligned columns, two blanks apart. The last column is not padded. Where that is wider than the terminal, each
 * row is folded by itself instead: between its cells, and the last of them between its words, but no other, so that a
 * command or an id can be copied. What is hidden in a cell is written out.
 */
export function aligned(written: readonly (readonly string[])[], indent = '', columns = Infinity): string {
  const rows = written.map((row) => row.map(withoutCommands));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, columnsOf(cell))));
  }
  const lines = rows.map((row) => {
    const cells = row.map((cell, index) => padded(cell, widths[index] ?? 0));
    return (indent + cells.join('  ')).trimEnd();
  });
  const fits = lines.every((line) => columnsOf(line) <= columns);
  return (fits ? lines : rows.map((row) => folded(row, indent, columns))).join('\n');
}

/** A text with blanks behind it, so that it takes at least `columns` columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

function folded(row: readonly string[], indent: string, columns: number): string {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string, gap: string): void => {
    if (line !== '' && columnsOf(line + gap + piece) > columns) {
      lines.push(line);
      line = '';
    }
    const start = lines.length === 0 ? indent : `${indent}    `;
    line = line === '' ? start + piece : line + gap + piece;
  };
  const cells = row.filter((cell) => columnsOf(cell.trim()) > 0);
  cells.forEach((cell, index) => {
    const isDivided = index === cells.length - 1 && columnsOf(`${indent}    ${cell}`) > columns;
    const [first = '', ...words] = isDivided ? cell.split(' ') : [cell.trimEnd()];
    add(first, '  ');
    for (const word of words) add(word, ' ');
  });
  return [...lines, line].join('\n');
}

/** A text on one line, its hidden characters written out, cut between graphemes to at most `columns` columns. */
export function shortened(text: string, columns: number): string {
  const line = withoutCommands(stripVTControlCharacters(text).replaceAll(/\s+/g, ' ').trim());
  return cutTo(line, [{ max: columns, of: widthOf }]);
}

/**
 * A text that commands no terminal: controls, turns of the reading direction and whatever else nobody sees are written out
 * (`\\u202e`), as the console does it. Colours, lines and tabs stay. Data may hold anything.
 */
export function withoutCommands(text: string): string {
  return text
    .split(/(\u001b\[[\d;]*m|\r?\n)/)
    .map((part, index) => (index % 2 === 1 ? part.replace('\r', '') : part.replaceAll(INVISIBLE, writtenOut)))
    .join('');
}

function writtenOut(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** An instant in UTC to the second: `2026-11-20 14:00:05Z`. */
export function instantInWords(instant: Date): string {
  return instant
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
