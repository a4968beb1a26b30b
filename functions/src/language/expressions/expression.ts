import { cut } from '#core/cut.ts';
import type { ComparedConstant } from './compared-constants.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { StaticType } from './static-type.ts';

/** A parsed and checked expression, which can be evaluated any number of times. */
export interface Expression {
  readonly source: string;
  /** The paths it reads, as `[['steps', 'integrations', 'output', 'offline'], ['now']]`. */
  readonly names: readonly (readonly string[])[];
  /** The type it yields, as far as its text shows. */
  readonly type: StaticType;
  /** The same, given the known types of the paths that it reads. */
  typeWhere(typeOfPath: (path: readonly string[]) => StaticType): StaticType;
  /** Whether it divides one whole number by another, which drops the fraction. */
  readonly dividesWholeNumbers: boolean;
  /** Its comparisons with literals. */
  readonly comparisons: readonly ComparedConstant[];
  /** Its value. Deterministic; never changes `scope`. Throws `expression_failed`, which shows the place. */
  evaluate(scope: JsonObject): Json;
}

/**
 * The value of an expression that must be true or false. Throws `expression_failed`, also if it yields anything but a
 * boolean.
 */
export function evaluateCondition(expression: Expression, scope: JsonObject): boolean {
  return truthOf(expression.source, expression.evaluate(scope));
}

/** The value of the condition `source`. Throws `expression_failed` unless it is true or false. */
export function truthOf(source: string, value: Json): boolean {
  if (typeof value === 'boolean') return value;
  throw new PlaybookError(
    'expression_failed',
    `The condition \`${source}\` is ${describeJson(value)}; it must be true or false. Compare it with something, like \`… > 0\`.`,
  );
}

/** A value in words, for messages: `null`, `a list of 3`, `the text 'abc'`. */
export function describeJson(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text '${cut(value, 40)}'`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : String(value);
}
