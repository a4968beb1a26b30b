import type { z } from 'zod';
import type { ComparedConstant } from '../expressions/compared-constants.ts';
import { describeJson, type Expression } from '../expressions/expression.ts';
import type { Expressions } from '../expressions/expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { inputComparisonProblem, inputNameProblem, inputType } from './input-names.ts';
import type { DefinitionPath, LintProblem, ProblemWords } from '../playbook/definition-problem.ts';
import { nearest, suggestionFor } from '#core/nearest.ts';
import { impossibleField } from '../playbook/schema-keys.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { VISIBLE_STATUSES } from '../playbook/steps-in-order.ts';
import { hasTemplate, parseTemplate, wholeExpression } from '../expressions/template.ts';

/** What every expression may read beside `steps`: a name, and its fields where they are fixed. */
export const SCOPE_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['inputs', []],
  ['trigger', ['kind', 'slot']],
  ['playbook', ['id', 'name', 'version']],
  ['execution', ['id', 'startedAt']],
  ['window', ['start', 'end']],
  ['now', []],
]);
/** What an expression sees of a step. */
export const STEP_FIELDS: readonly string[] = ['output', 'status', 'failure'];

/** What `status` may be of a step that an expression can see. */
const STATUSES: readonly string[] = VISIBLE_STATUSES;

/** Which steps an expression can see, and which there are at all. */
export interface VisibleNames {
  readonly before: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  /** The step that the expression belongs to. */
  readonly own?: string;
  /** What the output of a step must fit, where it is known. */
  readonly outputs: ReadonlyMap<string, z.ZodType>;
  readonly inputs: NonNullable<Playbook['inputs']>;
  /** Names beside the usual ones. */
  readonly extra?: readonly string[];
}

/** A bare expression of a definition, and whether it must be true or false. */
export interface WrittenExpression {
  readonly path: DefinitionPath;
  readonly source: string;
  readonly condition: boolean;
}

/** Whether an expression can be read, names only what it can see, and can yield what its place needs. */
export function checkExpression(
  { path, source, condition }: WrittenExpression,
  visible: VisibleNames,
  expressions: Pick<Expressions, 'compile'>,
): readonly LintProblem[] {
  if (hasTemplate(source)) {
    const inside = onlyExpression(source);
    const suggestion =
      inside === undefined ? "Write one expression, with texts in quotes: 'a' + b." : `Write: ${inside}`;
    const problem = { path, message: 'An expression stands here as it is, without ${{ }}.', suggestion };
    const others =
      inside === undefined ? [] : checkExpression({ path, source: inside, condition }, visible, expressions);
    return [problem, ...others];
  }
  return checked(path, () => {
    const expression = expressions.compile(source);
    const problems = expressionProblems(expression, path, visible);
    const type = expression.typeWhere((name) => inputType(name, visible.inputs));
    if (!condition || type === 'bool' || type === 'unknown') return problems;
    const message = `\`${source}\` yields ${TYPE_WORDS[type]}, but must be true or false.`;
    return [...problems, { path, message, suggestion: "Compare it with something, like `… > 0` or `… == 'x'`." }];
  });
}

const TYPE_WORDS = {
  int: 'a number',
  double: 'a number',
  text: 'a text',
  list: 'a list',
  map: 'an object',
  null: 'null',
} as const;

/** The expression inside a text that is one `${{ }}`. */
function onlyExpression(source: string): string | undefined {
  try {
    return wholeExpression(parseTemplate(source));
  } catch {
    return undefined;
  }
}

/** The same for every `${{ }}` anywhere inside a value. A list or an object cannot be put into text. */
export function checkTemplates(
  value: Json,
  path: DefinitionPath,
  visible: VisibleNames,
  expressions: Pick<Expressions, 'compile'>,
): readonly LintProblem[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => checkTemplates(item, [...path, index], visible, expressions));
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, child]) => checkTemplates(child, [...path, key], visible, expressions));
  }
  if (typeof value !== 'string' || !hasTemplate(value)) return [];
  return checked(path, () => {
    const parts = parseTemplate(value);
    const inText = wholeExpression(parts) === undefined;
    return parts.flatMap((part) => {
      if (part.kind === 'text') return [];
      return checked(path, () => {
        const expression = expressions.compile(part.source);
        const problems = expressionProblems(expression, path, visible);
        if (!inText || (expression.type !== 'list' && expression.type !== 'map')) return problems;
        const message = `\`${part.source}\` yields ${TYPE_WORDS[expression.type]}, which cannot be put into text.`;
        return [...problems, { path, message, suggestion: "Make a text of it, with .join(', ') or toJson(…)." }];
      });
    });
  });
}

function checked(path: DefinitionPath, check: () => readonly LintProblem[]): readonly LintProblem[] {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof PlaybookError) || error.code !== 'expression_failed') throw error;
    return [{ path, message: error.message, isExcerpted: true }];
  }
}

function expressionProblems(
  expression: Expression,
  path: DefinitionPath,
  visible: VisibleNames,
): readonly LintProblem[] {
  const problems = [
    ...expression.names.flatMap((name) => nameProblem(name, visible)),
    ...expression.comparisons.flatMap(statusProblem),
    ...expression.comparisons.flatMap((comparison) => inputComparisonProblem(comparison, visible.inputs)),
  ].map((problem) => ({ path, ...problem }));
  if (!expression.dividesWholeNumbers) return problems;
  const message = `\`${expression.source}\` divides a whole number by a whole number, which drops the fraction.`;
  return [
    ...problems,
    { path, message, suggestion: 'Write double(a) / b for a fraction, or int(double(a) / b) for a whole number.' },
  ];
}

function nameProblem(name: readonly string[], visible: VisibleNames): readonly ProblemWords[] {
  const [root = '', field] = name;
  if (root === 'steps') return stepProblem(name, visible);
  if (root === 'inputs') return inputNameProblem(name, visible.inputs);
  if (visible.extra?.includes(root) === true) return [];
  const fields = SCOPE_NAMES.get(root);
  if (fields === undefined) {
    const known = ['steps', ...SCOPE_NAMES.keys(), ...(visible.extra ?? [])];
    const asStep = visible.all.has(root) ? `Did you mean 'steps.${root}.output'?` : suggestionFor(root, known);
    return [{ message: `Unknown name '${root}'.`, ...(asStep !== undefined && { suggestion: asStep }) }];
  }
  if (field === undefined || fields.length === 0 || fields.includes(field)) return [];
  return [unknown(`'${root}' has no field '${field}'.`, suggestionFor(field, fields))];
}

function stepProblem([, id, field, ...within]: readonly string[], visible: VisibleNames): readonly ProblemWords[] {
  if (id === undefined) return [];
  if (id === visible.own) return [{ message: `The step '${id}' reads itself; what it leaves is there only after it.` }];
  if (!visible.all.has(id)) return [unknown(`There is no step '${id}'.`, suggestionFor(id, visible.before))];
  if (!visible.before.has(id)) {
    return [unknown(`The step '${id}' runs later than this one.`, 'Move it up, or read another step.')];
  }
  if (field === 'output') return outputProblem(id, within, visible);
  if (field === undefined || STEP_FIELDS.includes(field)) return [];
  const close = nearest(field, STEP_FIELDS);
  const instead = close === undefined ? `steps.${id}.output.${field}` : `steps.${id}.${close}`;
  return [unknown(`A step has output, status and failure, but no '${field}'.`, `Did you mean '${instead}'?`)];
}

/** A comparison with what a status never is would be the same whatever happens, and nobody would notice. */
function statusProblem({ path, value }: ComparedConstant): readonly ProblemWords[] {
  const [root, id, field, ...within] = path;
  if (root !== 'steps' || field !== 'status' || within.length > 0) return [];
  if (typeof value === 'string' && STATUSES.includes(value)) return [];
  const close = typeof value === 'string' ? nearest(value, STATUSES) : undefined;
  const message = `\`steps.${id}.status\` says how the step ended ('succeeded', 'failed', 'skipped', 'pending'), and is never ${describeJson(value)}.`;
  return [unknown(message, `Did you mean ${close === undefined ? `steps.${id}.output.status` : `'${close}'`}?`)];
}

function outputProblem(id: string, fields: readonly string[], visible: VisibleNames): readonly ProblemWords[] {
  const schema = visible.outputs.get(id);
  const impossible = schema && impossibleField(schema, fields);
  if (impossible === undefined) return [];
  const { field, allowed } = impossible;
  const where = ['steps', id, 'output', ...fields.slice(0, fields.indexOf(field))].join('.');
  const suggestion =
    field === 'length' ? `Write size(${where}) for the length of a list or a text.` : suggestionFor(field, allowed);
  return [unknown(`\`${where}\` has no field '${field}'.`, suggestion)];
}

function unknown(message: string, suggestion: string | undefined): ProblemWords {
  return { message, ...(suggestion !== undefined && { suggestion }) };
}
