import type { Expression } from '../expressions/expression.ts';
import type { Expressions } from '../expressions/expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { inputComparisonProblem, inputType } from './input-names.ts';
import type { DefinitionPath, LintProblem } from '../playbook/definition-problem.ts';
import { nameProblem, statusProblem, type VisibleNames } from './visible-names.ts';
import { hasTemplate, parseTemplate, wholeExpression } from '../expressions/template.ts';

/** A bare expression in a definition, and whether it must be true or false. */
export interface WrittenExpression {
  readonly path: DefinitionPath;
  readonly source: string;
  readonly condition: boolean;
}

/** Whether an expression can be parsed, uses only visible names, and can yield the required type. */
export function checkExpression(
  { path, source, condition }: WrittenExpression,
  visible: VisibleNames,
  expressions: Pick<Expressions, 'compile'>,
): readonly LintProblem[] {
  if (hasTemplate(source)) {
    const inside = onlyExpression(source);
    const suggestion =
      inside === undefined ? "Write one expression, with texts in quotes: 'a' + b." : `Write: ${inside}`;
    const problem = { path, message: 'Write the expression without ${{ }} here.', suggestion };
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

/** The expression in a text that consists of one `${{ }}`. */
function onlyExpression(source: string): string | undefined {
  try {
    return wholeExpression(parseTemplate(source));
  } catch {
    return undefined;
  }
}

/** The same for every `${{ }}` in a value. A list or an object cannot be inserted into text. */
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
        return inText ? [...problems, ...intoTextProblems(expression, path)] : problems;
      });
    });
  });
}

function intoTextProblems({ source, type }: Expression, path: DefinitionPath): readonly LintProblem[] {
  if (type !== 'list' && type !== 'map') return [];
  const message = `\`${source}\` yields ${TYPE_WORDS[type]}, which cannot be inserted into text.`;
  return [{ path, message, suggestion: "Convert it to text with .join(', ') or toJson(…)." }];
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
