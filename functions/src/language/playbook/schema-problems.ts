import { z } from 'zod';
import { type DefinitionPath, type LintProblem, quoted, valueAt, type ProblemWords } from './definition-problem.ts';
import { nearest, suggestionFor } from '#core/nearest.ts';
import { allowedKeys } from './schema-keys.ts';
import { hasTemplate } from '../expressions/template.ts';

type Issue = z.core.$ZodIssue;

/**
 * Everything about `value` that does not fit `schema`, in words; empty if it fits. With `templates`, a text that
 * contains `${{ }}` fits everywhere, because its value is not known yet.
 */
export function schemaProblems(
  schema: z.core.$ZodType,
  value: unknown,
  options: { readonly templates?: boolean } = {},
): readonly LintProblem[] {
  const result = z.safeParse(schema, value);
  if (result.success) return [];
  return result.error.issues
    .flatMap((issue) => resolveUnion(issue, options.templates === true ? value : undefined))
    .filter((issue) => options.templates !== true || !isTemplate(valueAt(value, keysOf(issue.path))))
    .flatMap((issue) => describe(issue, schema, value));
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && hasTemplate(value);
}

function keysOf(path: readonly PropertyKey[]): DefinitionPath {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/**
 * For a union without a matching branch, the problems of the closest branch: the one whose problems are deepest, then
 * the one with the fewest. `templated` is the whole value where templates fit everywhere: a branch that fails only
 * because of a template fits.
 */
function resolveUnion(issue: Issue, templated: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((errors) =>
    errors
      .map((inner): Issue => ({ ...inner, path: [...issue.path, ...inner.path] }))
      .flatMap((inner) => resolveUnion(inner, templated)),
  );
  if (templated !== undefined) {
    const fits = branches.some((branch) => branch.every(({ path }) => isTemplate(valueAt(templated, keysOf(path)))));
    if (fits) return [];
  }
  const best = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  return best === undefined || best.length === 0 ? [issue] : best;
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function describe(issue: Issue, schema: z.core.$ZodType, value: unknown): readonly LintProblem[] {
  const path = keysOf(issue.path);
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(schema, path, value);
    return issue.keys.map((key) => {
      const suggestion = suggestionFor(key, allowed);
      return {
        path: [...path, key],
        at: 'key',
        message: `Unknown field ${quoted(key)}.`,
        ...(suggestion !== undefined && { suggestion }),
      };
    });
  }
  const mayBeMissing = issue.code !== 'custom' || issue.params?.['missing'] === true;
  if (found === undefined && path.length > 0 && mayBeMissing) {
    const options = issue.code === 'invalid_union' ? optionsOf(issue) : [];
    const suggestion = options.length > 0 ? suggestionFor('', options) : undefined;
    return [
      { path, message: `The field '${path.at(-1)}' is missing.`, ...(suggestion !== undefined && { suggestion }) },
    ];
  }
  return [{ path, ...inWords(issue, found) }];
}

function inWords(issue: Issue, found: unknown): ProblemWords & Pick<LintProblem, 'at'> {
  switch (issue.code) {
    case 'invalid_type':
      return { message: `This must be ${article(issue.expected)}, but it is ${kindOf(found)}.` };
    case 'invalid_value':
      return oneOf(found, issue.values.map(String), `${shown(found)} is not allowed here.`);
    case 'invalid_union':
      if (issue.discriminator === undefined) return { message: `${shown(found)} fits none of the forms allowed here.` };
      return oneOf(
        found,
        optionsOf(issue),
        `Unknown ${issue.discriminator === 'type' ? typeWord(issue.path) : issue.discriminator} ${shown(found)}.`,
      );
    case 'too_small':
      return { message: `This must ${limit(issue.origin, 'at least', issue.minimum, issue.inclusive)}.` };
    case 'too_big':
      return { message: `This must ${limit(issue.origin, 'at most', issue.maximum, issue.inclusive)}.` };
    case 'invalid_key':
      return { at: 'key', message: `The key ${sentence(issue.issues[0]?.message ?? issue.message)}` };
    case 'custom':
      return customised(issue);
    case 'invalid_format':
      return ofFormat(issue, found);
    default:
      return { message: sentence(issue.message) };
  }
}

/** The `type` distinguishes steps and inputs. */
function typeWord(path: readonly PropertyKey[]): string {
  return path[0] === 'inputs' ? 'input type' : 'step type';
}

const FORMATS: Readonly<Record<string, string>> = {
  url: 'not a URL; write it in full, like https://api.example.com/status.',
  email: 'not a mail address; write one like ann@example.com.',
};

/** Our own patterns supply the predicate of a sentence; the value is its subject. */
function ofFormat(issue: Extract<Issue, { code: 'invalid_format' }>, found: unknown): Pick<LintProblem, 'message'> {
  const format = FORMATS[issue.format];
  if (format !== undefined) return { message: `${shown(found)} is ${format}` };
  const half = /^[a-z]/.test(issue.message);
  return { message: half ? `${shown(found)} ${sentence(issue.message)}` : sentence(issue.message) };
}

function customised(issue: Extract<Issue, { code: 'custom' }>): ProblemWords & Pick<LintProblem, 'at'> {
  const suggestion: unknown = issue.params?.['suggestion'];
  return {
    message: sentence(issue.message),
    ...(typeof suggestion === 'string' && { suggestion }),
    ...(issue.params?.['at'] === 'key' && { at: 'key' }),
  };
}

function optionsOf(issue: Extract<Issue, { code: 'invalid_union' }>): readonly string[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

function oneOf(found: unknown, options: readonly string[], message: string): ProblemWords {
  const close = typeof found === 'string' ? nearest(found, options) : undefined;
  const all = options.map((option) => `'${option}'`).join(', ');
  const suggestion = close === undefined ? `Allowed: ${all}.` : `Did you mean '${close}'?`;
  return options.length === 0 ? { message } : { message, suggestion };
}

function limit(origin: string, bound: string, amount: number | bigint, inclusive: boolean | undefined): string {
  const exact = inclusive === false ? (bound === 'at least' ? 'more than' : 'less than') : bound;
  const unit = { string: 'character', array: 'item', object: 'field', record: 'field', map: 'field', set: 'item' }[
    origin
  ];
  if (unit === undefined) return `be ${exact} ${amount}`;
  return `have ${exact} ${amount} ${unit}${Number(amount) === 1 ? '' : 's'}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
  record: 'an object with fields',
  null: 'empty',
};

function article(expected: string): string {
  return KINDS[expected] ?? expected;
}

function kindOf(found: unknown): string {
  if (found === undefined) return 'missing';
  if (found === null) return 'empty';
  if (Array.isArray(found)) return 'a list';
  return typeof found === 'object'
    ? 'an object with fields'
    : `the ${typeof found === 'string' ? 'text' : typeof found} ${shown(found)}`;
}

/** A value as shown in a message. */
function shown(found: unknown): string {
  if (typeof found === 'string') return quoted(found);
  if (typeof found === 'number' || typeof found === 'boolean' || found === null) return String(found);
  return Array.isArray(found) ? 'This list' : 'This';
}

function sentence(message: string): string {
  return /[.?!]$/.test(message) ? message : `${message}.`;
}
