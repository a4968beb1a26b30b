import { cut } from '#core/cut.ts';
import type { Band, CriterionResult } from './record/execution.ts';
import { describeJson } from '#language/expressions/expression.ts';
import type { Expressions } from '#language/expressions/expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Criterion } from '#language/playbook/playbook.ts';

/** A reason shows the expression, which may be 2,000 characters long. */
const MAX_REASON_CHARS = 1_000;

/**
 * Measures each criterion and puts it into its band: `alert` wins over `ok`, neither is `warn`. Without a value (null,
 * nothing there, a step that did not run, an expression that fails) the band is `unknown`, with the reason; so is a band
 * expression that is not true or false. Throws nothing that an expression throws.
 */
export function evaluateCriteria(
  criteria: readonly Criterion[],
  scope: JsonObject,
  expressions: Pick<Expressions, 'evaluate' | 'isTrue'>,
): CriterionResult[] {
  return criteria.map((criterion) => {
    const { id, name, unit } = criterion;
    const labels = { id, ...(name !== undefined && { name }), ...(unit !== undefined && { unit }) };
    const measured = attempt(() => expressions.evaluate(criterion.value, scope));
    if (!measured.ok) return { ...labels, value: null, band: 'unknown', reason: measured.reason };
    if (measured.value === null) {
      return { ...labels, value: null, band: 'unknown', reason: `\`${criterion.value}\` has no value.` };
    }
    const { value } = measured;
    const band = attempt(() => bandOf(criterion, { ...scope, value }, expressions));
    if (band.ok) return { ...labels, value: keptValue(value), band: band.value };
    return { ...labels, value: keptValue(value), band: 'unknown', reason: band.reason };
  });
}

function bandOf(
  criterion: Criterion,
  scope: JsonObject,
  expressions: Pick<Expressions, 'isTrue'>,
): Exclude<Band, 'unknown'> {
  if (expressions.isTrue(criterion.alert, scope)) return 'alert';
  return expressions.isTrue(criterion.ok, scope) ? 'ok' : 'warn';
}

/** A measured value is a figure or a word; of anything longer the record keeps a description. Half of a character is none. */
function keptValue(value: Json): Json {
  const long = typeof value === 'string' ? value.length > 200 : typeof value === 'object';
  const kept = long ? describeJson(value) : value;
  return typeof kept === 'string' ? kept.toWellFormed() : kept;
}

type Attempted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

function attempt<T>(evaluate: () => T): Attempted<T> {
  try {
    return { ok: true, value: evaluate() };
  } catch (error) {
    if (!(error instanceof PlaybookError) || error.code !== 'expression_failed') throw error;
    return { ok: false, reason: cut(error.message, MAX_REASON_CHARS) };
  }
}
