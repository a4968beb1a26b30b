import type { VisitorObject } from 'oxc-parser';

/** The kinds of faults that are planted, and what each does. */
export const KINDS = {
  boundary: 'a comparison is off by one: `<` becomes `<=`',
  negation: 'a condition is negated, or `===` becomes `!==`',
  guard: 'an `if` without `else` is removed',
  logic: '`&&` becomes `||`, or one side is missing',
  fallback: 'one side of `??` is missing',
  swap: 'the sides of a ternary are exchanged',
  call: 'a statement that calls or assigns is removed',
  early: 'a function returns, or a loop ends, too early',
  await: 'an `await` is missing',
  catch: 'an error is not caught, or `finally` does nothing',
  chain: '`?.` becomes `.`',
  method: '`every` becomes `some`, `filter` is missing, `Math.min` becomes `Math.max`',
  arithmetic: '`+` becomes `-`',
  number: 'a number is one too high',
  time: 'a time constant is off by a factor of 1000',
  text: 'a text without blanks becomes empty',
  boolean: '`true` becomes `false`',
  element: 'an element of an array, or a field of an object, is missing',
} as const;

export type Kind = keyof typeof KINDS;

/** A part of a text, by offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One change to one file. */
export interface Mutation extends Span {
  readonly kind: Kind;
  readonly replacement: string;
}

/** Receives every mutation that a rule finds. */
export type Found = (kind: Kind, span: Span, replacement: string) => void;

/** Finds mutations of some kinds while the syntax tree of a text is visited. */
export type Rule = (text: string, found: Found) => VisitorObject;

/** The text of a part. */
export function textOf(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

/** The first place of `token` after an offset. */
export function tokenAfter(text: string, token: string, offset: number): Span {
  const start = text.indexOf(token, offset);
  return { start, end: start + token.length };
}
