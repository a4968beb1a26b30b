import { stripVTControlCharacters } from 'node:util';
import { cutTo } from '#core/cut.ts';
import { INVISIBLE } from '#core/strip-invisible.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The number of terminal columns a text takes: two for an emoji or a CJK character, none for colours. */
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
 * Left-aligned columns, two blanks apart. The last column is not padded. A table that is wider than the terminal is
 * folded row by row instead: between its cells, and in the last cell between words, but nowhere else, so that commands
 * and ids can be copied. Hidden characters in a cell are written out.
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

/** A text padded with blanks to at least `columns` columns. */
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
 * A text that cannot control the terminal: control characters, changes of the reading direction and other invisible
 * characters are written out (`\\u202e`), like in the console. Colours, line breaks and tabs stay. Data may contain
 * anything.
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

/** A number with its noun: `1 playbook`, `2 playbooks`. Give `plural` where it is not the noun with an `s`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
