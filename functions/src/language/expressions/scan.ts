/** The result of a scan: where the expression ends, or what was not closed and where it was opened. */
export type Scan =
  | { readonly ok: true; readonly end: number }
  | { readonly ok: false; readonly offset: number; readonly problem: string };

const CLOSING_OF: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const CLOSINGS = new Set(CLOSING_OF.values());

interface Opened {
  readonly bracket: string;
  readonly offset: number;
}

/**
 * Scans the strings, comments and brackets of an expression from `start`, without parsing it. Ends at the first
 * `terminator` outside all of them, or at the end of the text if no terminator is given. Brackets may nest `maxDepth`
 * deep.
 */
export function scanExpression(text: string, start: number, terminator: string | undefined, maxDepth = Infinity): Scan {
  const open: Opened[] = [];
  let offset = start;
  while (offset < text.length) {
    const char = text.charAt(offset);
    if (open.length === 0 && terminator !== undefined && text.startsWith(terminator, offset)) {
      return { ok: true, end: offset };
    }
    if (char === "'" || char === '"') {
      const end = endOfString(text, offset);
      if (end === undefined) return { ok: false, offset, problem: `The text that begins with ${char} is never closed` };
      offset = end;
      continue;
    }
    if (text.startsWith('//', offset)) {
      const lineEnd = text.indexOf('\n', offset);
      offset = lineEnd === -1 ? text.length : lineEnd;
      continue;
    }
    const problem = bracketProblem(open, char, offset);
    if (problem !== undefined) return { ok: false, offset, problem };
    if (open.length > maxDepth) {
      return { ok: false, offset, problem: `Brackets may nest at most ${maxDepth} deep, and these nest deeper` };
    }
    offset += 1;
  }
  return atEnd(text, open, terminator);
}

function atEnd(text: string, open: readonly Opened[], terminator: string | undefined): Scan {
  const last = open.at(-1);
  if (last !== undefined) {
    return { ok: false, offset: last.offset, problem: `This '${last.bracket}' is never closed` };
  }
  if (terminator === undefined) return { ok: true, end: text.length };
  return { ok: false, offset: text.length, problem: `'${terminator}' is missing` };
}

function bracketProblem(open: Opened[], char: string, offset: number): string | undefined {
  if (CLOSING_OF.has(char)) open.push({ bracket: char, offset });
  if (!CLOSINGS.has(char)) return undefined;
  const last = open.pop();
  if (last === undefined) return `This '${char}' closes nothing`;
  const expected = CLOSING_OF.get(last.bracket);
  return expected === char
    ? undefined
    : `This '${char}' is in the place of the '${expected}' that must close the '${last.bracket}'`;
}

/** The offset after a string that begins at `start`, or `undefined` if it is not closed. */
function endOfString(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  const triple = quote.repeat(3);
  const delimiter = text.startsWith(triple, start) ? triple : quote;
  const raw = isRawPrefix(text, start);
  let offset = start + delimiter.length;
  while (offset < text.length) {
    if (text.startsWith(delimiter, offset)) return offset + delimiter.length;
    if (delimiter === quote && text.charAt(offset) === '\n') return undefined;
    offset += !raw && text.charAt(offset) === '\\' ? 2 : 1;
  }
  return undefined;
}

/** Whether the quote at `start` opens a raw string: `r'…'`, optionally with `b`, and not preceded by a longer word. */
function isRawPrefix(text: string, start: number): boolean {
  const prefix = /[A-Za-z_0-9]*$/.exec(text.slice(Math.max(0, start - 3), start))?.[0] ?? '';
  return /^(r|br|rb)$/i.test(prefix);
}
