import { parseSync, Visitor } from 'oxc-parser';
import { callRules } from './call-rules.ts';
import { conditionRules } from './condition-rules.ts';
import { flowRules } from './flow-rules.ts';
import type { Mutation, Span } from './mutation.ts';
import { unchangedParts } from './unchanged-parts.ts';
import { valueRules } from './value-rules.ts';

/** A file of product code with one planted bug. */
export interface Mutant extends Mutation {
  /** A path from the project root. */
  readonly file: string;
  /** Where the change begins, counted from 1. */
  readonly line: number;
  /** The changed lines before and after the change, without their common indentation. */
  readonly code: string;
  readonly becomes: string;
}

const RULES = [conditionRules, valueRules, flowRules, callRules];

/** Every mutant of a file, in the order of its text. Throws `SyntaxError` if the file is not valid TypeScript. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors.map(({ message }) => message).join(' ')}`);
  const unchanged = unchangedParts(program);
  const mutants = new Map<string, Mutant>();
  for (const rule of RULES) {
    const visitor = rule(text, (kind, { start, end }, replacement) => {
      if (unchanged.some((part) => isWithin({ start, end }, part))) return;
      mutants.set(`${start}:${end}:${replacement}`, mutantFrom(file, text, { kind, start, end, replacement }));
    });
    new Visitor(visitor).visit(program);
  }
  return [...mutants.values()].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** The text of a file with the bugs of mutants that do not overlap. */
export function planted(text: string, mutants: readonly Mutation[]): string {
  return mutants
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end), text);
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function mutantFrom(file: string, text: string, { kind, start, end, replacement }: Mutation): Mutant {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const until = text.indexOf('\n', end);
  const after = until === -1 ? text.length : until;
  return {
    file,
    kind,
    start,
    end,
    replacement,
    line: text.slice(0, start).split('\n').length,
    code: withoutIndent(text.slice(from, after)),
    becomes: withoutIndent(text.slice(from, start) + replacement + text.slice(end, after)),
  };
}

function withoutIndent(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent).trimEnd()).join('\n');
}
