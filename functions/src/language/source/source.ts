import type { z } from 'zod';
import {
  type DefinitionPath,
  type LintProblem,
  pathText,
  type WeighedProblem,
} from '../playbook/definition-problem.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';
import { type SourcePlace, sourceExcerpt, visible } from '#core/source-excerpt.ts';
import { readYaml } from './yaml-document.ts';

/** A problem in a file, with its place. `path` is like `steps[1].type`; `excerpt` is the line with a caret below. */
export interface Problem extends WeighedProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly excerpt: string;
}

/** The content of a file and how to locate problems in it; or all its problems. */
export type Parsed<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly warnings: readonly Problem[];
      positionOf(path: DefinitionPath, at?: 'key' | 'value'): SourcePlace;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A file parsed as YAML, before it is checked against a schema. */
export interface YamlSource {
  readonly value: unknown;
  /** Problems that did not prevent parsing: duplicate keys and the like. */
  readonly problems: readonly Problem[];
  positionOf(path: DefinitionPath, at?: 'key' | 'value'): SourcePlace;
  /** Adds the place in the file to a problem of the definition. */
  locate(problem: LintProblem): Problem;
}

/**
 * Parses YAML 1.2; never throws. Text that cannot be parsed has no value, only problems. `invalidAt` is the index in
 * the text of the first byte that is not UTF-8.
 */
export function readSource(
  file: string,
  text: string,
  invalidAt = -1,
): YamlSource | { readonly problems: readonly Problem[]; readonly value?: undefined } {
  const read = readYaml(text, invalidAt);
  const at = (place: SourcePlace, path: string, words: WeighedProblem): Problem => {
    return { file, ...place, path, ...words, excerpt: sourceExcerpt(read.text, place) };
  };
  const problems = read.problems.map(({ place, ...words }) => at(place, '', words));
  if (read.document === undefined) return { problems };
  const { value, positionOf } = read.document;
  return {
    value,
    problems,
    positionOf,
    locate: (problem) => at(positionOf(problem.path, problem.at), pathText(problem.path), wordsOf(problem)),
  };
}

type Words = Pick<Problem, 'message' | 'suggestion' | 'severity'>;

function wordsOf({ message, suggestion, severity, isExcerpted }: LintProblem): Words {
  return {
    message: isExcerpted === true ? message : visible(message),
    ...(suggestion !== undefined && { suggestion: visible(suggestion) }),
    ...(severity !== undefined && { severity }),
  };
}

/** Parses a YAML file and checks it against a schema. Reports all problems of the file at once; never throws. */
export function parseYaml<T>(file: string, text: string, schema: z.ZodType<T>, invalidAt = -1): Parsed<T> {
  const source = readSource(file, text, invalidAt);
  if (source.value === undefined) return { ok: false, problems: source.problems };
  const problems = [
    ...source.problems,
    ...schemaProblems(schema, source.value).map((problem) => source.locate(problem)),
  ];
  const result = schema.safeParse(source.value);
  if (problems.some(isError) || !result.success) return { ok: false, problems: inOrder(problems) };
  return {
    ok: true,
    value: result.data,
    warnings: inOrder(problems),
    positionOf: (path, at) => source.positionOf(path, at),
  };
}

/** Whether a problem prevents a definition from being used. */
export function isError({ severity }: Pick<Problem, 'severity'>): boolean {
  return severity !== 'warning';
}

/** Problems in file order, without duplicates. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(
    problems.map((problem) => [`${problem.line}:${problem.column}:${problem.path}:${problem.message}`, problem]),
  );
  return [...once.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * A problem as printed: `playbooks/x.yaml:10:11  steps[1].type  Unknown step type 'tool_cal'. Did you mean
 * 'tool_call'?`, then the line and a caret.
 */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, message, suggestion, severity, excerpt } = problem;
  const words = `${severity === 'warning' ? 'Warning: ' : ''}${message}${suggestion === undefined ? '' : ` ${suggestion}`}`;
  const head = [`${file}:${line}:${column}`, ...(path === '' ? [] : [path])].join('  ');
  return `${visible(head)}  ${inLines(words)}${excerpt === '' ? '' : `\n${excerpt}`}`;
}

/** Messages about expressions contain line breaks; all other hidden characters are spelled out. */
function inLines(words: string): string {
  return words.split('\n').map(visible).join('\n');
}
