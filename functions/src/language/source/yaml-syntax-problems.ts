import type { ProblemWords, WeighedProblem } from '../playbook/definition-problem.ts';
import { type Document, isScalar, visit } from 'yaml';
import { placeOf, type SourcePlace, visible } from '#core/source-excerpt.ts';

/** A problem with the YAML itself. */
export interface YamlProblem extends WeighedProblem {
  readonly place: SourcePlace;
}

/** The problems found by the YAML library, at most one per line: later ones on a line are consequences of the first. */
export function syntaxProblems(document: Document, text: string): readonly YamlProblem[] {
  const byLine = new Map<number, YamlProblem>();
  let isLost = false;
  for (const { code, message, pos } of document.errors) {
    // A tab ends a text early, so that what follows is mistaken for keys.
    const isConsequence = message.startsWith('Implicit map keys') && [...byLine.values()].some(isTab);
    if (isConsequence) continue;
    const problem = located(document, text, { code, message, pos });
    // From here on, the library has lost track and reports every further line.
    const strays = message.includes('in YAML stream');
    if (!byLine.has(problem.place.line) && !(strays && isLost)) byLine.set(problem.place.line, problem);
    isLost ||= strays;
  }
  return [...byLine.values()];
}

const TAB = 'Tab found; YAML must be indented with spaces.';

function isTab({ message }: YamlProblem): boolean {
  return message === TAB;
}

/** A tab in the indentation of a line, or of the one above: the library reports only its effects. */
function tabProblem(text: string, { line }: SourcePlace): YamlProblem | undefined {
  const lines = text.split('\n');
  for (const at of [line, line - 1]) {
    const spaces = /^( *)\t/.exec(lines[at - 1] ?? '')?.[1];
    if (spaces !== undefined) return { place: { line: at, column: spaces.length + 1 }, message: TAB };
  }
  return undefined;
}

interface Found {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

function located(document: Document, text: string, { code, message, pos }: Found): YamlProblem {
  const unclosed = /^Missing closing .quote/.test(message) ? lastQuoted(document) : undefined;
  if (unclosed !== undefined) {
    return { place: placeOf(text, unclosed), message: 'The quotation mark that begins here is never closed.' };
  }
  const place = placeOf(text, pos[0]);
  return (
    oddSpaceProblem(text, place) ?? tabProblem(text, place) ?? { place, ...inWords(code, message, text.slice(...pos)) }
  );
}

/** The start of the last quoted text, which runs to the end of the file. */
function lastQuoted(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Scalar: (_, scalar) => {
      if (isScalar(scalar) && scalar.type?.startsWith('QUOTE') === true) offset = scalar.range?.[0];
    },
  });
  return offset;
}

function inWords(code: string, message: string, at: string): ProblemWords {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { message: 'This key is a duplicate; each key may occur only once.' };
    case 'TAB_AS_INDENT':
      return { message: TAB };
    case 'MULTIPLE_DOCS':
      return { message: 'The file contains several documents; write one definition per file, without ---.' };
    case 'BAD_ALIAS':
    case 'BAD_SCALAR_START':
      return { message: `A text cannot begin with '${at}' without quotes.`, suggestion: 'Put the value in quotes.' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { message: 'A value that contains a colon must be quoted, or begin on a new line.' };
    case 'RESOURCE_EXHAUSTION':
      return { message: 'The file is nested too deeply to be read.' };
    default:
      return otherwise(message);
  }
}

function otherwise(message: string): ProblemWords {
  if (message.endsWith('at node end')) {
    return { message: 'The value ended before this text.', suggestion: 'Put the whole value in quotes.' };
  }
  if (message.startsWith('Not a YAML token')) {
    return {
      message: 'A text after | or > must begin on the next line.',
      suggestion: 'Move it there, or put the value in quotes.',
    };
  }
  if (message.startsWith('Block scalars with more-indented leading empty lines')) {
    return { message: 'A blank line at the beginning of this text is indented further than the text itself.' };
  }
  if (message.startsWith('Block scalar')) {
    return {
      message:
        'Every line of a text after | or > must be indented at least as far as its first line, and further than its key.',
    };
  }
  if (message.startsWith('Unexpected block-seq-ind')) {
    return { message: 'A list must begin on a new line; a text that begins with - must be quoted.' };
  }
  if (/^Unexpected flow-(seq|map)-end/.test(message)) {
    return {
      message: 'This bracket closes nothing.',
      suggestion: 'Remove it, or put the whole value in quotes if it is text.',
    };
  }
  return { message: `This is not valid YAML: ${/[.?!]$/.test(message) ? message : `${message}.`}` };
}

/** Text that was not read as written. `invalidAt` is the index of the first byte that is not UTF-8, or -1. */
export function encodingProblem(text: string, invalidAt: number): YamlProblem | undefined {
  if (invalidAt >= 0) {
    const message = 'The file is not UTF-8 from here on.';
    return { place: placeOf(text, invalidAt), message, suggestion: 'Save it as UTF-8.' };
  }
  const bareReturn = /\r(?!\n)/.exec(text);
  if (bareReturn === null) return undefined;
  const message = 'Bare carriage return found.';
  return { place: placeOf(text, bareReturn.index), message, suggestion: 'Save the file with LF or CRLF line endings.' };
}

/** YAML accepts only the plain space; lookalikes slip in when text is copied from web pages or chats. */
function oddSpaceProblem(text: string, { line }: SourcePlace): YamlProblem | undefined {
  const odd = /[^\S\t\r\n ]|[\u200B\u2060]/.exec(text.split('\n')[line - 1] ?? '');
  if (odd === null) return undefined;
  const message = `${visible(odd[0])} found: it looks like a space or is invisible, but YAML reads it as text.`;
  return { place: { line, column: odd.index + 1 }, message, suggestion: 'Delete it, or write a plain space.' };
}
